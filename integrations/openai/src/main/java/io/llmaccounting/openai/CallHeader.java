package io.llmaccounting.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpRequest;
import io.llmaccounting.call.CallContext;
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
final class CallHeader {
  private static final String NAME = "X-Llm-Accounting";
  private static final String OFF = "off";
  private static final String TAG = "tag.";

  private CallHeader() {}

  static Headers unmetered() {
    return Headers.builder().put(NAME, OFF).build();
  }

  static Headers of(Attribution attribution) {
    StringJoiner form = new StringJoiner("&");
    put(form, "project", attribution.project());
    put(form, "user", attribution.user());
    put(form, "caller", attribution.caller());
    put(form, "session", attribution.session());
    for (Map.Entry<String, String> tag : attribution.tags().entrySet()) {
      put(form, TAG + tag.getKey(), tag.getValue());
    }
    return Headers.builder().put(NAME, form.toString()).build();
  }

  private static void put(StringJoiner form, String name, @Nullable String value) {
    if (value != null) {
      form.add(
          URLEncoder.encode(name, StandardCharsets.UTF_8)
              + '='
              + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /** The context that a request asks for; null if it says nothing. */
  static @Nullable CallContext context(HttpRequest request) {
    List<String> values = request.headers().values(NAME);
    if (values.isEmpty()) {
      return null;
    }
    String form = values.get(values.size() - 1);
    return form.equals(OFF) ? CallContext.unmetered() : CallContext.of(attribution(form));
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

  /** The request without what is not to go out. */
  static HttpRequest without(HttpRequest request) {
    return request.headers().values(NAME).isEmpty()
        ? request
        : request.toBuilder().removeHeaders(NAME).build();
  }
}
