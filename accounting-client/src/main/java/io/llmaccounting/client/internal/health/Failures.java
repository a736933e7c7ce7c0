package io.llmaccounting.client.internal.health;

import io.llmaccounting.health.ErrorPolicy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Throws what fails, or keeps it from the application and tells the error handler. */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger("io.llmaccounting.client");

  private final ErrorPolicy policy;
  private final Consumer<RuntimeException> handler;
  private final Tally tally;
  private final NewsThread news;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /** Applies {@code policy}; {@code handler} is told of every failure that is not thrown. */
  public Failures(
      ErrorPolicy policy, Consumer<RuntimeException> handler, Tally tally, NewsThread news) {
    this.policy = policy;
    this.handler = handler;
    this.tally = tally;
    this.news = news;
  }

  /** True if failures are thrown to the caller. */
  public boolean areThrown() {
    return policy == ErrorPolicy.FAIL;
  }

  /** Throws {@code error}, or contains it if calls go on. */
  public void throwOrContain(String consequence, Throwable error) {
    if (areThrown()) {
      if (error instanceof Error e) {
        throw e;
      }
      throw of(error);
    }
    contain(consequence, error);
  }

  /** Contains a failure on the thread of the application that met it. */
  public void contain(String consequence, Throwable error) {
    note(consequence, error);
    tell(of(error));
  }

  /** Contains a failure that no thread of the application has met. */
  public void containElsewhere(String consequence, Throwable error) {
    note(consequence, error);
    if (!news.later(() -> tell(of(error)))) {
      LOG.warn("the error handler is not told: it does not return, or the client is closed");
    }
  }

  /** Contains a failure that goes on for a while, and is told once until the same works. */
  public void containOnce(String consequence, Throwable error) {
    if (known.contains(consequence)) {
      LOG.debug("{} still", consequence, error);
    } else {
      containElsewhere(consequence, error);
    }
  }

  private void note(String consequence, Throwable error) {
    tally.contained(consequence, error);
    if (known.add(consequence)) {
      LOG.error("{}; the application goes on", consequence, error);
    } else {
      LOG.debug("{} again", consequence, error);
    }
  }

  /** Notes that something works, so that its next failure is news. */
  public void worked(String consequence) {
    if (!known.isEmpty() && known.remove(consequence)) {
      LOG.info("works again: {}", consequence);
    }
  }

  private void tell(RuntimeException error) {
    try {
      handler.accept(error);
    } catch (Throwable e) {
      // whatever it threw must neither end a thread of ours nor fail a call of the application
      tally.contained("the error handler failed", e);
      LOG.error("the error handler failed on {}", error.toString(), e);
    }
  }

  /** Turns anything thrown into a failure. */
  public static RuntimeException of(Throwable thrown) {
    return thrown instanceof RuntimeException e
        ? e
        : new IllegalStateException("accounting met an error: " + thrown, thrown);
  }

  /** Tells the error handler what waits, at most for so long. */
  public void close(Duration most) {
    news.close(most);
  }
}
