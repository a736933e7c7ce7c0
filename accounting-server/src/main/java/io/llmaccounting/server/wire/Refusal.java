package io.llmaccounting.server.wire;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.QuotaExceededException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request that the gateway does not pass on, or gives up: one set of codes on every wire, in the
 * shape in which each provider's SDKs read errors.
 *
 * @param status the HTTP status
 * @param code what is wrong, in a word
 * @param message what is wrong, for people: without credentials, and without anything that the
 *     caller did not send or own
 * @param retryAfter when the same may succeed, or null where nobody knows
 * @param terminal whether the same request never succeeds, however often it is sent
 */
public record Refusal(
    int status, Code code, String message, @Nullable Duration retryAfter, boolean terminal) {

  /** The header that has the code on every wire. */
  public static final String CODE_HEADER = "x-accounting-code";

  /** The SDKs of OpenAI and Anthropic wait for no longer than that, but ask again at once. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** How long a client is told to wait for a store that is away. */
  private static final Duration STORE_BACK = Duration.ofSeconds(5);

  /** What can be wrong. */
  public enum Code {
    /** The request cannot be understood. */
    BAD_REQUEST(400, true),
    /** There is no key, or not one that is known. */
    INVALID_KEY(401, true),
    /** Two keys that differ were sent. */
    AMBIGUOUS_KEY(401, true),
    /** The key is known and over. */
    KEY_EXPIRED(401, true),
    /** The key is known and was taken back. */
    KEY_REVOKED(401, true),
    /** The key may not ask this model. */
    MODEL_NOT_ALLOWED(403, true),
    /** The key may not ask this provider. */
    PROVIDER_NOT_ALLOWED(403, true),
    /** Names are enforced, and the caller's is not in the directory. */
    UNKNOWN_NAME(403, true),
    /** What the key may not do for another reason. */
    FORBIDDEN(403, true),
    /** There is nothing at this path. */
    NOT_FOUND(404, true),
    /** The body is too large. */
    REQUEST_TOO_LARGE(413, true),
    /** What may be spent is spent, or the call is larger than will ever fit. */
    INSUFFICIENT_QUOTA(429, true),
    /** There is room later. */
    RATE_LIMIT_EXCEEDED(429, false),
    /** The gateway failed. */
    INTERNAL_ERROR(500, false),
    /** The upstream cannot be reached, or broke off. */
    UPSTREAM_UNAVAILABLE(502, false),
    /** What is recorded cannot be, and calls do not go on without. */
    ACCOUNTING_UNAVAILABLE(503, false),
    /** The gateway has no room for the request now. */
    OVERLOADED(503, false),
    /** The server is about to stop. */
    SHUTTING_DOWN(503, false),
    /** The upstream takes too long. What it did may be billed, so nothing sends it again. */
    UPSTREAM_TIMEOUT(504, true);

    private final int status;
    private final boolean terminal;

    Code(int status, boolean terminal) {
      this.status = status;
      this.terminal = terminal;
    }

    /** The HTTP status that it has by default. */
    public int status() {
      return status;
    }

    /** The code as clients see it: {@code invalid_key}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A refusal with the code's own status, of which nobody knows when the same may succeed. */
  public static Refusal of(Code code, String message) {
    return new Refusal(code.status, code, message, null, code.terminal);
  }

  /**
   * A limit has no room: 429, never 402. {@code insufficient_quota} where money is spent or the
   * call never fits, else {@code rate_limit_exceeded}; a limit that cannot be checked is {@code
   * accounting_unavailable}.
   */
  public static Refusal of(Decision.Denied denied) {
    Duration wait = denied.retryAfter().orElse(null);
    String message = DenialText.of(denied);
    if (denied.neverFits() && !isOnlyOutage(denied)) {
      return new Refusal(429, Code.INSUFFICIENT_QUOTA, message, null, true);
    }
    if (denied.exceeded().stream().anyMatch(one -> one.reason() == Exceeded.Reason.OUTAGE)) {
      return new Refusal(
          503, Code.ACCOUNTING_UNAVAILABLE, message, wait == null ? STORE_BACK : wait, false);
    }
    boolean money =
        denied.exceeded().stream().anyMatch(one -> one.status().limit().metric() == Metric.COST);
    Code code = money ? Code.INSUFFICIENT_QUOTA : Code.RATE_LIMIT_EXCEEDED;
    return new Refusal(429, code, message, wait, false);
  }

  /** A limit has no room, as {@link #of(Decision.Denied)}. */
  public static Refusal of(QuotaExceededException exceeded) {
    return of(exceeded.denied());
  }

  /** The store failed: 503, and when to ask again. */
  public static Refusal of(BackendException failure) {
    return new Refusal(
        503,
        Code.ACCOUNTING_UNAVAILABLE,
        failure.isPassing()
            ? "the accounting's store is not available; ask again"
            : "the accounting's store cannot be used; its administrator must look at it",
        STORE_BACK,
        false);
  }

  /** The caller's project or user is not in the directory. */
  public static Refusal of(UnknownNameException unknown) {
    return of(Code.UNKNOWN_NAME, String.valueOf(unknown.getMessage()));
  }

  /** Returns a copy that says when the same may succeed. */
  public Refusal retryAfter(Duration wait) {
    return new Refusal(status, code, message, wait, terminal);
  }

  /** Returns a copy that says that the same request never succeeds. */
  public Refusal inVain() {
    return new Refusal(status, code, message, null, true);
  }

  /** Returns a copy with another status. */
  public Refusal status(int other) {
    return new Refusal(other, code, message, retryAfter, terminal);
  }

  /** The body in the shape of {@code wire}. */
  public Buffer body(Wire wire) {
    return Buffer.buffer(RefusalShapes.body(this, wire));
  }

  /** The body in the shape of {@code wire}, with the request's id where the shape has one. */
  public Buffer body(Wire wire, String requestId) {
    return Buffer.buffer(RefusalShapes.body(this, wire, requestId));
  }

  /**
   * The headers: the type of the body, the code, when to retry in whole seconds rounded up, and
   * {@code x-should-retry: false} where an SDK would ask again in vain or too early by itself.
   */
  public MultiMap headers(Wire wire) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("content-type", "application/json")
            .add("cache-control", "no-store")
            .add(CODE_HEADER, code.word());
    if (retryAfter != null && !terminal) {
      headers.add("retry-after", Long.toString(retryAfterSeconds(retryAfter)));
    }
    if (terminal || (retryAfter != null && retryAfter.compareTo(LONGEST_WAIT) > 0)) {
      headers.add("x-should-retry", "false");
    }
    if (wire == Wire.BEDROCK) {
      headers.add("x-amzn-errortype", RefusalShapes.amazonType(this));
    }
    return headers;
  }

  /** A wait in whole seconds, rounded up. */
  static long retryAfterSeconds(Duration wait) {
    return wait.isNegative() ? 0 : wait.plusSeconds(1).minusNanos(1).toSeconds();
  }

  private static boolean isOnlyOutage(Decision.Denied denied) {
    return denied.exceeded().stream().allMatch(one -> one.reason() == Exceeded.Reason.OUTAGE);
  }
}
