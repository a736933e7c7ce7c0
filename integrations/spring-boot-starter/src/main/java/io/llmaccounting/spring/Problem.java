package io.llmaccounting.spring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.QuotaExceededException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of a request that was refused, as RFC 9457 says it.
 *
 * @param status the HTTP status
 * @param retryAfter the value of the header Retry-After; null for none
 * @param body the problem detail, in JSON
 */
record Problem(int status, @Nullable Long retryAfter, String body) {
  /** The media type of the body. */
  static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPES = "tag:llmaccounting.io,2026:";
  private static final JsonFactory JSON = new JsonFactory();
  private static final int FORBIDDEN = 403;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_MANY = 429;
  private static final int DEEPEST = 50;

  /** The body in UTF-8. */
  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /** The problem that an error is about, also where it is the cause of another. */
  static Optional<Problem> of(@Nullable Throwable error, boolean tellsLimits) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof QuotaExceededException denial) {
        return Optional.of(of(denial.denied(), tellsLimits));
      }
      if (cause instanceof UnusableHeaderException header) {
        String detail = String.valueOf(header.getMessage());
        return Optional.of(
            new Problem(
                BAD_REQUEST,
                null,
                json("unusable-header", "Unusable header", BAD_REQUEST, detail, null)));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** The problem of a denial. */
  static Problem of(Decision.Denied denied, boolean tellsLimits) {
    int status = denied.httpStatus();
    Long wait = denied.retryAfterSeconds().orElse(null);
    Decision.Denied told = tellsLimits ? denied : null;
    return switch (status) {
      case TOO_MANY ->
          new Problem(
              status,
              wait,
              json(
                  "no-room",
                  "No room for this request",
                  status,
                  "A limit on the use of models is reached"
                      + (wait == null ? "; try again later" : "; try again in " + wait + " s"),
                  told));
      case FORBIDDEN ->
          new Problem(
              status,
              null,
              json(
                  "never-fits",
                  "Request is too large",
                  status,
                  "A limit on the use of models never has room for this request",
                  told));
      default ->
          new Problem(
              status,
              wait,
              json(
                  "not-decided",
                  "Limits cannot be checked",
                  status,
                  "Whether there is room for this request cannot be told now",
                  told));
    };
  }

  private static String json(
      String type, String title, int status, String detail, Decision.@Nullable Denied denied) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", TYPES + type);
      json.writeStringField("title", title);
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      if (denied != null) {
        json.writeArrayFieldStart("limits");
        for (Exceeded one : denied.exceeded()) {
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
    return text.toString();
  }
}
