package io.llmaccounting.sinks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Posts batches, and says what answers mean. 400, 413 and 422 are about what was sent, so that
 * somebody has to look for the record. All else may pass: also 401, 403 and 404, because they are
 * about the configuration, and no record is at fault. Safe for use by many threads.
 */
final class HttpPost {
  private static final int SHOWN = 200;

  private final URI url;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final InstantSource clock;
  private final HttpClient client;

  HttpPost(URI url, Map<String, String> headers, Duration timeout, InstantSource clock) {
    this.url = requireHttp(url);
    this.headers = Map.copyOf(headers);
    this.timeout = timeout;
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static URI requireHttp(URI url) {
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "url must begin with https:// or http:// and name a host, was " + url);
    }
    return url;
  }

  /** Posts {@code body}; {@code taken} reads what is answered with a 2xx. */
  Delivery send(byte[] body, Map<String, String> more, Function<String, Delivery> taken)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    more.forEach(request::setHeader);
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return taken.apply(answer.body());
    }
    String reason = "HTTP %d %s".formatted(status, shown(answer.body())).strip();
    if (status == 400 || status == 413 || status == 422) {
      return Delivery.refused(reason);
    }
    return Delivery.later(
        reason, retryAfter(answer.headers().firstValue("Retry-After").orElse(null)));
  }

  private static String shown(String body) {
    String line = body.replaceAll("\\s+", " ").strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }

  private @Nullable Duration retryAfter(@Nullable String header) {
    if (header == null) {
      return null;
    }
    if (header.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(header));
    }
    try {
      ZonedDateTime at = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration left = Duration.between(clock.instant(), at.toInstant());
      return left.isNegative() ? null : left;
    } catch (DateTimeException e) {
      return null; // whoever sends what nobody can read gets our own pause
    }
  }
}
