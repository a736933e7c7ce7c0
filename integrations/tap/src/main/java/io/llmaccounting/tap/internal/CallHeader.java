package io.llmaccounting.tap.internal;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.usage.Attribution;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a single call says of itself, in a header that never goes out: {@code off}, or names and
 * values as in a form.
 */
public final class CallHeader {
  /** The name of the header. */
  public static final String NAME = "X-Llm-Accounting";

  /** The value of a call that is not metered. */
  public static final String UNMETERED = "off";

  private static final String TAG = "tag.";

  private CallHeader() {}

  /** The value of a call that {@code attribution} makes. */
  public static String of(Attribution attribution) {
    StringJoiner form = new StringJoiner("&");
    put(form, "project", attribution.project());
    put(form, "user", attribution.user());
    put(form, "caller", attribution.caller());
    put(form, "session", attribution.session());
    for (Map.Entry<String, String> tag : attribution.tags().entrySet()) {
      put(form, TAG + tag.getKey(), tag.getValue());
    }
    return form.toString();
  }

  private static void put(StringJoiner form, String name, @Nullable String value) {
    if (value != null) {
      form.add(
          URLEncoder.encode(name, StandardCharsets.UTF_8)
              + '='
              + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /**
   * Opens, on this thread, the context that a request asks for. A value that cannot be read is told
   * to the meter of {@code tap}, and opens nothing.
   *
   * @param values those of the header, of which the last counts; empty if the request says nothing
   */
  public static CallContext.Scope open(List<String> values, Tap tap) {
    if (!values.isEmpty()) {
      try {
        return context(values.get(values.size() - 1)).open();
      } catch (RuntimeException e) {
        tap.meter().adapterFailed(e);
      }
    }
    return () -> {};
  }

  private static CallContext context(String form) {
    return form.equals(UNMETERED) ? CallContext.unmetered() : CallContext.of(attribution(form));
  }

  private static Attribution attribution(String form) {
    Attribution said = Attribution.NONE;
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String value = decoded(pair.substring(equals + 1));
        said = with(said, decoded(pair.substring(0, equals)), value);
      }
    }
    return said;
  }

  private static Attribution with(Attribution said, String name, String value) {
    return switch (name) {
      case "project" -> said.withProject(value);
      case "user" -> said.withUser(value);
      case "caller" -> said.withCaller(value);
      case "session" -> said.withSession(value);
      default -> name.startsWith(TAG) ? said.withTag(name.substring(TAG.length()), value) : said;
    };
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
