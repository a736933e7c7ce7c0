package io.llmaccounting.server.rest.http;

import io.llmaccounting.access.UnknownKeyException;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.limit.LimitClashException;
import io.llmaccounting.server.rest.contract.Fault;
import io.llmaccounting.server.rest.reach.OtherProjectException;
import io.llmaccounting.server.rest.reach.UnknownHoldException;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes problems of what failed. */
public final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final Duration PASSING = Duration.ofSeconds(2);
  private static final Duration LASTING = Duration.ofSeconds(30);

  /** How the library says what is wrong with a value: its name, the rule, and what it was. */
  private static final Pattern FAULT =
      Pattern.compile("([a-z_./0-9]+) must (.*), (?:was|had) (.*)");

  private Problems() {}

  /** What failed, as the client is told it. What is our own fault is logged. */
  public static Problem of(Throwable failure, String requestId) {
    Throwable reason = reason(failure);
    if (reason instanceof ProblemException known) {
      return known.problem();
    }
    if (reason instanceof BackendException store) {
      return store(store, requestId);
    }
    if (reason instanceof OtherProjectException other) {
      return new Problem(
          Problem.Code.OTHER_PROJECT,
          String.valueOf(other.getMessage()),
          List.of(
              new Fault(other.field(), "be left out or be \"" + other.project() + '"', "another")),
          null,
          Map.of());
    }
    String said = String.valueOf(reason.getMessage());
    if (reason instanceof UsageConflictException
        || reason instanceof LimitClashException
        || reason instanceof UsageTooOldException
        || reason instanceof IllegalStateException) {
      return Problem.of(Problem.Code.CONFLICT, said);
    }
    if (reason instanceof UnknownKeyException || reason instanceof UnknownHoldException) {
      return Problem.of(Problem.Code.NOT_FOUND, said);
    }
    if (reason instanceof IllegalArgumentException
        || reason instanceof UnknownNameException
        || reason instanceof DateTimeException) {
      return invalid(said);
    }
    LOG.error("request {} failed", requestId, reason);
    return Problem.of(
        Problem.Code.INTERNAL, "the server's log says more about the request of this id");
  }

  /** A value that the library refused, and says why. */
  public static Problem invalid(String said) {
    Matcher fault = FAULT.matcher(said);
    return new Problem(
        Problem.Code.INVALID_REQUEST,
        said,
        fault.matches()
            ? List.of(new Fault("/" + fault.group(1), fault.group(2), fault.group(3)))
            : List.of(),
        null,
        Map.of());
  }

  private static Problem store(BackendException store, String requestId) {
    if (store.kind() == BackendException.Kind.REJECTED) {
      LOG.error("request {} was refused by the store", requestId, store);
      return Problem.of(Problem.Code.INTERNAL, "the store refuses this request");
    }
    return Problem.of(
            Problem.Code.UNAVAILABLE,
            store.kind() == BackendException.Kind.BUSY
                ? "everybody asks the store at the moment"
                : "the store is not reached")
        .retryAfter(store.isPassing() ? PASSING : LASTING);
  }

  /** What failed, out of what stages wrap it in. */
  public static Throwable reason(Throwable failure) {
    Throwable reason = failure;
    while ((reason instanceof CompletionException || reason instanceof ExecutionException)
        && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }
}
