package io.llmaccounting.tap.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.QuotaExceededException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of a request that was refused, as RFC 9457 says it: the same by every
 * framework.
 *
 * @param status the HTTP status
 * @param retryAfter the header Retry-After, in seconds; null if it is left out
 * @param body the problem detail, in JSON
 */
public record Problem(int status, @Nullable Long retryAfter, String body) {
  /** The media type of the body. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPES = "tag:llmaccounting.io,2026:";
  private static final JsonFactory JSON = new JsonFactory();
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int DEEPEST = 50;

  /** The body in UTF-8. */
  public byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /** The denial that an error is about, also where it is the cause of another. */
  public static Optional<QuotaExceededException> denialIn(Throwable error) {
    return causeIn(error, QuotaExceededException.class);
  }

  /** The first of {@code error} and its causes that is one of these. */
  public static <T extends Throwable> Optional<T> causeIn(
      @Nullable Throwable error, Class<T> type) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /**
   * The problem of a denial.
   *
   * @param tellsLimits whether it names limits and amounts, which may concern others than the
   *     client
   */
  public static Problem of(Decision.Denied denied, boolean tellsLimits) {
    int status = denied.httpStatus();
    Long wait = denied.retryAfterSeconds().orElse(null);
    List<Exceeded> told = tellsLimits ? denied.exceeded() : List.of();
    return switch (status) {
      case TOO_MANY ->
          json(new Said("no-room", "No room for this request", status, noRoom(wait)), wait, told);
      case FORBIDDEN ->
          json(
              new Said(
                  "never-fits",
                  "Request is too large",
                  status,
                  "A limit on the use of models never has room for this request"),
              null,
              told);
      default ->
          json(
              new Said(
                  "not-decided",
                  "Limits cannot be checked",
                  status,
                  "Whether there is room for this request cannot be told now"),
              wait,
              told);
    };
  }

  private static String noRoom(@Nullable Long wait) {
    return "A limit on the use of models is reached"
        + (wait == null ? "; try again later" : "; try again in " + wait + " s");
  }

  /**
   * The problem of a request that is refused for another reason.
   *
   * @param type names the kind of problem
   */
  public static Problem of(String type, String title, int status, String detail) {
    return json(new Said(type, title, status, detail), null, List.of());
  }

  /** What every problem says. */
  private record Said(String type, String title, int status, String detail) {}

  private static Problem json(Said said, @Nullable Long wait, List<Exceeded> limits) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", TYPES + said.type);
      json.writeStringField("title", said.title);
      json.writeNumberField("status", said.status);
      json.writeStringField("detail", said.detail);
      if (wait != null) {
        json.writeNumberField("retryAfterSeconds", wait);
      }
      if (!limits.isEmpty()) {
        json.writeArrayFieldStart("limits");
        for (Exceeded one : limits) {
          json.writeStartObject();
          json.writeStringField("name", one.status().limit().name());
          json.writeStringField("subject", one.status().subject());
          json.writeStringField("reason", one.toString());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Problem(said.status, wait, text.toString());
  }
}
