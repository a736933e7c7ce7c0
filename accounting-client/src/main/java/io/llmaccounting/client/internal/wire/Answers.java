package io.llmaccounting.client.internal.wire;

import io.llmaccounting.client.internal.wire.ProblemException.Kind;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonLine;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what answers mean; believes nothing that does not look like the server's. */
final class Answers {
  private static final int SHOWN = 120;
  private static final long LONGEST_WAIT_SECONDS = 3_600;

  private final URI base;

  Answers(URI base) {
    this.base = base;
  }

  /** The object that was answered, empty where none is meant to be there. */
  JsonFields read(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    if (status == 204) {
      return JsonFields.of(Map.of());
    }
    JsonFields fields = fields(answer);
    if (status != 200) {
      throw problem(answer, fields);
    }
    if (fields == null) {
      throw strange(answer, Kind.UNSURE, "no JSON object");
    }
    return fields;
  }

  private static @Nullable JsonFields fields(HttpResponse<byte[]> answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (!type.startsWith("application/json") && !type.startsWith("application/problem+json")) {
      return null;
    }
    JsonFields fields = JsonLine.of(1, answer.body()).fields();
    return fields == null ? null : fields.lenient();
  }

  private ProblemException problem(HttpResponse<byte[]> answer, @Nullable JsonFields fields) {
    int status = answer.statusCode();
    String code = text(fields, "code");
    String detail = text(fields, "detail");
    Duration wait = retryAfter(answer);
    if (status >= 300 && status < 400) {
      String to = answer.headers().firstValue("Location").orElse("nowhere");
      return strange(
          answer, Kind.UNUSABLE, "a redirect to " + shown(to) + ", which is not followed");
    }
    if (status == 429 || status == 503 || status >= 500) {
      Kind kind =
          status == 429 ? Kind.BUSY : "unavailable".equals(code) ? Kind.STORE_AWAY : Kind.UNSURE;
      return new ProblemException(kind, code, said(status, detail), wait, null);
    }
    if (code == null) {
      return status == 413
          ? ProblemException.of(Kind.TOO_LARGE, said(status, detail), null)
          : strange(answer, Kind.UNUSABLE, "no answer of an accounting server");
    }
    return new ProblemException(kind(status, code), code, said(status, detail), wait, null);
  }

  private static Kind kind(int status, String code) {
    return switch (code) {
      case "no-key", "missing-role", "method-not-allowed", "wrong-media-type" -> Kind.UNUSABLE;
      case "not-found" -> Kind.GONE;
      case "conflict", "changed-meanwhile" -> Kind.CONFLICT;
      case "too-large" -> Kind.TOO_LARGE;
      case "too-slow" -> Kind.UNSURE;
      default -> status == 413 ? Kind.TOO_LARGE : Kind.WRONG;
    };
  }

  private String said(int status, @Nullable String detail) {
    String what = detail == null ? "nothing more" : detail;
    return switch (status) {
      case 401 -> "the key is refused by the accounting server at %s: %s".formatted(base, what);
      case 403 -> "the key may not do this at %s: %s".formatted(base, what);
      case 429, 500, 503 ->
          "the accounting server at %s answers %d: %s".formatted(base, status, what);
      default -> what;
    };
  }

  private ProblemException strange(HttpResponse<byte[]> answer, Kind kind, String what) {
    String type = answer.headers().firstValue("Content-Type").orElse("no type");
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    return ProblemException.of(
        kind,
        "%s answers %d with %s (%s, \"%s\"); the address must be that of an accounting server, whose interface is at /v1/meter"
            .formatted(base, answer.statusCode(), what, shown(type), shown(body)),
        null);
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
  }

  private static @Nullable String text(@Nullable JsonFields fields, String name) {
    return fields != null && fields.values().get(name) instanceof String text ? text : null;
  }

  private static @Nullable Duration retryAfter(HttpResponse<byte[]> answer) {
    String header = answer.headers().firstValue("Retry-After").orElse("");
    // dates are not written by the server, and a clock that is wrong would make nonsense of them
    return header.matches("[0-9]{1,9}")
        ? Duration.ofSeconds(Math.min(LONGEST_WAIT_SECONDS, Long.parseLong(header)))
        : null;
  }

  /** What kept an answer from coming. */
  ProblemException failed(Throwable reason) {
    boolean unsent =
        reason instanceof ConnectException
            || reason instanceof HttpConnectTimeoutException
            || reason instanceof UnresolvedAddressException
            || reason.getCause() instanceof UnresolvedAddressException;
    String why =
        reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
    return unsent
        ? ProblemException.of(
            Kind.UNREACHABLE,
            "the accounting server at %s cannot be reached: %s".formatted(base, why),
            reason)
        : ProblemException.of(
            Kind.UNSURE,
            "the accounting server at %s did not answer: %s".formatted(base, why),
            reason);
  }
}
