package io.llmaccounting.server.wire;

import java.util.regex.Pattern;

/** Reads server-sent events as the standard says, in the plainest way. */
final class SseEvents {
  private static final Pattern ENDS = Pattern.compile("\r\n|\r|\n");

  private SseEvents() {}

  /** The events that have data, each as {@code event=NAME data=DATA;}. */
  static String of(String stream) {
    StringBuilder events = new StringBuilder();
    String name = "";
    StringBuilder data = new StringBuilder();
    boolean any = false;
    for (String line : ENDS.split(stream, -1)) {
      if (line.isEmpty()) {
        if (any) {
          events.append("event=").append(name).append(" data=").append(data).append(';');
        }
        name = "";
        data.setLength(0);
        any = false;
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      if (field.equals("event")) {
        name = value;
      } else if (field.equals("data")) {
        data.append(any ? "\n" : "").append(value);
        any = true;
      }
    }
    return events.toString();
  }
}
