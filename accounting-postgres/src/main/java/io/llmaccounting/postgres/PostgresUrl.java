package io.llmaccounting.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the form of a URL before the driver sees it, because the driver logs and quotes what it
 * cannot read, with whatever password is in it.
 */
final class PostgresUrl {
  private static final int LAST_PORT = 65_535;
  private static final String HOST = "(?:\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]*)(?::\\d{1,5})?";
  private static final Pattern FORM =
      Pattern.compile(
          "jdbc:postgresql:(?://(?<hosts>" + HOST + "(?:," + HOST + ")*)/|/)?[^/?@:]*(?:\\?.*)?");
  private static final Pattern PORT = Pattern.compile(":(\\d+)(?=,|$)");
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  private PostgresUrl() {}

  static boolean isReadable(String url) {
    Matcher form = FORM.matcher(url);
    if (!form.matches() || BROKEN_ESCAPE.matcher(url).find()) {
      return false;
    }
    String hosts = form.group("hosts");
    return hosts == null
        || PORT.matcher(hosts)
            .results()
            .mapToInt(port -> Integer.parseInt(port.group(1)))
            .allMatch(port -> port >= 1 && port <= LAST_PORT);
  }
}
