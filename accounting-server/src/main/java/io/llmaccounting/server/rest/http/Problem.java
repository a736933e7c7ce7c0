package io.llmaccounting.server.rest.http;

import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.server.rest.contract.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered as it was meant, in the form of RFC 9457.
 *
 * @param code which kind of problem
 * @param detail a sentence for people: what is wrong, and the way out
 * @param faults what in the request is wrong; none where that is not the problem
 * @param retryAfter after how long the same may be asked again, or null
 * @param headers further headers
 */
public record Problem(
    Code code,
    String detail,
    List<Fault> faults,
    @Nullable Duration retryAfter,
    Map<String, String> headers) {

  /** The kinds of problems. */
  public enum Code {
    /** The body is no JSON. */
    UNREADABLE_BODY(400, "The body cannot be read"),
    /** Something in the request is not as the contract says. */
    INVALID_REQUEST(400, "The request is not as the contract says"),
    /** No key was sent, or one that is nobody's, revoked or expired. */
    NO_KEY(401, "A key is needed"),
    /** The key may not do this. */
    MISSING_ROLE(403, "The key may not do this"),
    /** The key is confined to a project, and this reaches beyond. */
    OTHER_PROJECT(403, "The key is confined to a project"),
    /** There is no such thing. */
    NOT_FOUND(404, "There is no such thing"),
    /** The path has other methods. */
    METHOD_NOT_ALLOWED(405, "The path has other methods"),
    /** The client stopped in the middle of its request. */
    TOO_SLOW(408, "The request did not come"),
    /** It contradicts what is there. */
    CONFLICT(409, "It contradicts what is there"),
    /** Somebody changed it meanwhile. */
    CHANGED_MEANWHILE(412, "It was changed meanwhile"),
    /** The body is too long. */
    TOO_LARGE(413, "The body is too long"),
    /** The body is of another kind. */
    WRONG_MEDIA_TYPE(415, "The body is of another kind"),
    /** If-Match is needed. */
    IF_MATCH_NEEDED(428, "If-Match is needed"),
    /** Too many requests. */
    TOO_MANY_REQUESTS(429, "Too many requests"),
    /** Something failed here. */
    INTERNAL(500, "Something failed here"),
    /** The store is away, or everybody is at work. */
    UNAVAILABLE(503, "Try again later");

    private final int status;
    private final String title;

    Code(int status, String title) {
      this.status = status;
      this.title = title;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** The word by which programs know it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Copies the collections. */
  public Problem {
    faults = List.copyOf(faults);
    headers = Map.copyOf(headers);
  }

  /** A problem of which nothing more is to be said. */
  public static Problem of(Code code, String detail) {
    return new Problem(code, detail, List.of(), null, Map.of());
  }

  /** A request with these faults, at least one. */
  public static Problem of(List<Fault> faults) {
    String detail =
        faults.get(0) + (faults.size() == 1 ? "" : ", and %d more".formatted(faults.size() - 1));
    return new Problem(Code.INVALID_REQUEST, detail, faults, null, Map.of());
  }

  /** Returns the same, to be asked again then. */
  public Problem retryAfter(Duration wait) {
    return new Problem(code, detail, faults, wait, headers);
  }

  /** Returns the same with this header. */
  public Problem header(String name, String value) {
    return new Problem(code, detail, faults, retryAfter, Map.of(name, value));
  }

  /** The answer that says so. */
  public Answer answer(String requestId) {
    Answer answer =
        Answer.of(code.status(), "application/problem+json", to -> write(to, requestId));
    if (retryAfter != null) {
      long seconds = retryAfter.plusSeconds(1).minusNanos(1).toSeconds();
      answer = answer.with("Retry-After", Long.toString(Math.max(1, seconds)));
    }
    for (Map.Entry<String, String> header : headers.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }

  /** Writes the fields into an object that is open. */
  public void write(JsonWriter to, @Nullable String requestId) throws IOException {
    to.text("type", "urn:llm-accounting:problem:" + code.word())
        .text("title", code.title)
        .number("status", code.status())
        .text("code", code.word())
        .text("detail", detail)
        .text("request_id", requestId);
    if (!faults.isEmpty()) {
      to.beginList("faults");
      for (Fault fault : faults) {
        to.beginObject()
            .text("field", fault.field())
            .text("expected", fault.expected())
            .text("was", fault.was())
            .endObject();
      }
      to.endList();
    }
  }
}
