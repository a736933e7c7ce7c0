package io.llmaccounting.server.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Watches a stream pass and tells whether it stands between two events, where something may be put
 * in. One for each stream, fed with its bytes as the client gets them; confined to one thread.
 */
public final class EventBoundary {
  private static final int PRELUDE = 4;

  /** How a stream is cut into events. */
  private enum Form {
    /** Server-sent events: behind a blank line. */
    EVENTS,
    /** A JSON text on each line: behind a line. */
    LINES,
    /** Amazon's frames: behind a frame. */
    FRAMES,
    /** Nothing that is known, or packed. */
    OTHER
  }

  private final Form form;
  private boolean between = true;
  private boolean lineBegun;
  private boolean comment;
  private boolean eventBegun;
  private boolean afterReturn;
  // of a frame: how much of its length was read, the length, and how much of it has come
  private int read;
  private long length;
  private long come;

  private EventBoundary(Form form) {
    this.form = form;
  }

  /**
   * Watches an answer with these headers.
   *
   * @param contentType the type of the answer, or null
   * @param contentEncoding how it is packed, or null; into what is packed nothing can be put
   */
  public static EventBoundary of(@Nullable String contentType, @Nullable String contentEncoding) {
    boolean plain = contentEncoding == null || contentEncoding.strip().equalsIgnoreCase("identity");
    String type =
        contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!plain) {
      return new EventBoundary(Form.OTHER);
    }
    return new EventBoundary(
        switch (type) {
          case "text/event-stream" -> Form.EVENTS;
          case "application/vnd.amazon.eventstream" -> Form.FRAMES;
          case "application/x-ndjson", "application/jsonl", "application/stream+json" -> Form.LINES;
          default -> Form.OTHER;
        });
  }

  /** Takes the next bytes that pass. */
  public void feed(Buffer piece) {
    if (form == Form.OTHER) {
      return;
    }
    for (byte one : piece.getBytes()) {
      switch (form) {
        case EVENTS -> event(one);
        case LINES -> between = one == '\n';
        case FRAMES -> frame(one);
        case OTHER -> {}
      }
    }
  }

  /** Whether something may be put in now; never true of a stream whose form is not known. */
  public boolean isBetweenEvents() {
    return between && form != Form.OTHER;
  }

  private void event(byte one) {
    boolean endsReturn = afterReturn && one == '\n';
    afterReturn = one == '\r';
    if (endsReturn) {
      return;
    }
    if (one != '\n' && one != '\r') {
      comment = lineBegun ? comment : one == ':';
      lineBegun = true;
      between = false;
      return;
    }
    // a blank line ends an event, and a comment belongs to none
    eventBegun = lineBegun && (eventBegun || !comment);
    lineBegun = false;
    between = !eventBegun;
  }

  private void frame(byte one) {
    if (read < PRELUDE) {
      length = (length << 8) | (one & 0xFF);
      read++;
    }
    come++;
    between = read == PRELUDE && come >= length;
    if (between) {
      read = 0;
      length = 0;
      come = 0;
    }
  }
}
