package io.llmaccounting.internal.health;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.UsageConflictException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the error policy: what fails is thrown, or counted, logged and handed on. What keeps
 * failing is logged the first time, and again once it works. Thread-safe.
 */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  /**
   * A kind of failure that was not seen for so long is news again, whether or not that work
   * succeeded in between.
   */
  private static final Duration QUIET = Duration.ofMinutes(10);

  private static final int MOST_UNTOLD = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ErrorPolicy policy;
  private final Consumer<RuntimeException> handler;
  private final Meters meters;
  private final InstantSource clock;
  private final NewsThread news = new NewsThread("llm-accounting-errors");
  private final AtomicInteger untold = new AtomicInteger();
  private final Map<Consequence, Incident> incidents = new EnumMap<>(Consequence.class);

  /** Failures of one kind, until the work succeeds again or fails no more for a while. */
  private static final class Incident {
    private long times;
    private Instant last = Instant.MIN;

    /** True if this failure begins it. */
    synchronized boolean failed(Instant now) {
      boolean isNew = times == 0 || Duration.between(last, now).compareTo(QUIET) > 0;
      times = isNew ? 1 : times + 1;
      last = now;
      return isNew;
    }

    /** Ends the incident, and returns how often the work had failed. */
    synchronized long worked() {
      long failed = times;
      times = 0;
      return failed;
    }
  }

  /** What a failure means for the application. */
  public enum Consequence {
    /** The record of a call breaks a rule. */
    NOT_MADE("a call was not recorded"),
    /** The store did not take a record. */
    NOT_STORED("usage of a call was not stored"),
    /** The store did not take a record, and the hold of its call is left. */
    NOT_SETTLED("usage of a call was not stored and its hold stays until it expires"),
    /** The store has another call under the id or key of a record. */
    OTHER_CALL(
        "usage of a call was refused because another call has its id or key; its hold is given"
            + " back"),
    /** A stream goes on with a hold that is too small. */
    NOT_GROWN("the hold of a call could not keep up with the answer"),
    /** Nobody knows what a call consumed. */
    ANSWER_NOT_READ("usage was not found in an answer; its call is recorded without"),
    /** The figures that were told at the end of a call break a rule. */
    END_NOT_STORED("what a call told of its end was not stored"),
    /** The buffer keeps records for now. */
    FLUSH_WAITS("usage that was accepted into memory cannot be stored for now; it is tried again"),
    /** The buffer gave a record up. */
    NOT_FLUSHED("usage that was accepted into memory was not stored"),
    /** The store refused a record that waited. */
    REFUSED_LATER("usage that was accepted earlier was refused by the store"),
    /** Records cannot be brought back from the spool for now. */
    NOT_REPLAYED("the spool could not be read; what waits there waits on"),
    /** A record is in the ledger, and could not be removed from the spool. */
    NOT_REMOVED(
        "the spool could not be rid of calls that the store has taken or refused; they are not sent"
            + " again"),
    /** The audit log lacks an entry. */
    AUDIT_NOT_WRITTEN("an audit entry was not written"),
    /** The audit log has an entry without its text. */
    TEXT_WITHHELD("a text was withheld from the audit log"),
    /** The audit log does not say who was refused. */
    DENIALS_NOT_AUDITED("denials were not written to the audit log"),
    /** Listeners hear of alerts later. */
    ALERTS_WAIT("alerts could not be delivered; they are tried again"),
    /** Holds of calls under way may expire. */
    NOT_RENEWED("holds of calls under way could not be renewed; it is tried again"),
    /** Prices failed for a call that is recorded all the same. */
    NOT_PRICED(
        "the cost of a call could not be computed; it is recorded with the cost that was held, or"
            + " without one"),
    /** Calls of which nobody told the end are booked later. */
    NOT_EXPIRED("calls whose hold has expired could not be booked; it is tried again"),
    /** Calls of the past cannot be read, so the size of new calls is guessed. */
    NOT_LEARNED("what calls used before could not be read; sizes are guessed without"),
    /** The spool cannot tell how full it is, so its last answer is shown. */
    SPOOL_NOT_SEEN("the spool cannot tell how full it is; what it told last is shown"),
    /** Nobody can see yet that keys were used. */
    USES_NOT_WRITTEN("when keys were last used could not be written; it is tried again"),
    /** Denials that were answered from memory are not counted yet. */
    DENIALS_WAIT("denials could not be counted; it is tried again"),
    /** The application's executor does not take what stages wait for. */
    NOT_HANDED_OVER("the executor of stages refused one; the common pool completes it instead"),
    /** The work of one of the accounting's own threads broke off. */
    THREAD_BROKE_OFF("a thread of the accounting broke off; it goes on");

    private final String text;

    Consequence(String text) {
      this.text = text;
    }
  }

  /** Applies {@code policy}; {@code handler} is told of every failure that is not thrown. */
  public Failures(
      ErrorPolicy policy, Consumer<RuntimeException> handler, Meters meters, InstantSource clock) {
    this.policy = policy;
    this.handler = handler;
    this.meters = meters;
    this.clock = clock;
    for (Consequence consequence : Consequence.values()) {
      incidents.put(consequence, new Incident());
    }
  }

  private Incident incident(Consequence consequence) {
    return Objects.requireNonNull(incidents.get(consequence), "every consequence is counted");
  }

  /**
   * Returns what {@code work} returns; if that fails and calls go on, what {@code instead} returns.
   */
  public <T extends @Nullable Object> T guard(
      Consequence consequence, Supplier<? extends T> work, Supplier<? extends T> instead) {
    T result;
    try {
      result = work.get();
    } catch (Throwable e) {
      throwOrContain(consequence, e);
      return instead.get();
    }
    worked(consequence);
    return result;
  }

  /** The consequence of not storing the record of a call with a hold, because of {@code error}. */
  public static Consequence ofSettle(Throwable error) {
    return error instanceof UsageConflictException
        ? Consequence.OTHER_CALL
        : Consequence.NOT_SETTLED;
  }

  /**
   * Turns anything thrown into a failure: also errors of the machine, and checked exceptions that
   * other languages throw unchecked.
   */
  public static RuntimeException of(Throwable thrown) {
    return thrown instanceof RuntimeException e
        ? e
        : new IllegalStateException("accounting met an error: " + thrown, thrown);
  }

  /** Throws an error that work ended with, or contains it if calls go on. */
  public void throwOrContain(Consequence consequence, Throwable error) {
    throwUnlessContained(error);
    contain(consequence, of(error));
  }

  /** Throws an error that work ended with, unless calls go on and it is contained. */
  public void throwUnlessContained(Throwable error) {
    if (policy != ErrorPolicy.FAIL) {
      return;
    }
    // the caller is told of this failure, so that health does not show it
    if (error instanceof Error e) {
      throw e;
    }
    throw of(error);
  }

  /** Contains a failure that the closing of a call met, whatever the policy. */
  public void containClosing(Consequence consequence, Throwable error) {
    contain(consequence, of(error));
  }

  /** Tells that a thread of the accounting's own broke off and goes on; each time is news. */
  public void brokeOff(RuntimeException error) {
    contain(Consequence.THREAD_BROKE_OFF, error);
    worked(Consequence.THREAD_BROKE_OFF);
  }

  /** Tells as {@link #brokeOff}, where others wait. */
  public void brokeOffElsewhere(RuntimeException error) {
    containElsewhere(Consequence.THREAD_BROKE_OFF, error);
    worked(Consequence.THREAD_BROKE_OFF);
  }

  /** The thread on which the error handler hears what no caller of its own has brought. */
  public NewsThread news() {
    return news;
  }

  /**
   * Contains a failure that no caller can be told of: it is counted, logged the first time, and
   * handed to the error handler.
   */
  public void contain(Consequence consequence, RuntimeException error) {
    contain(consequence, consequence.text, error);
  }

  /** Contains a failure where others wait, though the thread is not one of ours. */
  public void containElsewhere(Consequence consequence, RuntimeException error) {
    count(consequence, consequence.text, error);
    handOnLater(error);
  }

  /** Contains a failure, and says more exactly what it means. */
  public void contain(Consequence consequence, String what, RuntimeException error) {
    count(consequence, what, error);
    handOn(error);
  }

  private void count(Consequence consequence, String what, RuntimeException error) {
    meters.contained(what, error);
    log(
        () -> {
          if (incident(consequence).failed(clock.instant())) {
            LOG.error("{}; the application goes on", what, error);
          } else {
            LOG.debug("{} again", what, error);
          }
        });
  }

  /**
   * Contains a failure that no caller can be told of, unless it is known already: an outage is told
   * by itself, and whoever has closed the accounting knows that it is closed.
   */
  public void containUnlessKnown(Consequence consequence, Throwable error) {
    RuntimeException failure = of(error);
    if (failure instanceof BackendException known && known.kind() == BackendException.Kind.CLOSED) {
      LOG.debug("accounting is closing: {}", consequence.text, error);
    } else if (Breaker.isOutage(failure)) {
      note(consequence, failure);
    } else {
      contain(consequence, failure);
    }
  }

  /**
   * Notes a failure that is told elsewhere: it is counted, logged the first time, and not handed to
   * the error handler.
   */
  public void note(Consequence consequence, RuntimeException error) {
    meters.contained(consequence.text, error);
    log(
        () -> {
          if (incident(consequence).failed(clock.instant())) {
            LOG.warn("{}; the store cannot be used", consequence.text, error);
          } else {
            LOG.debug("{} again", consequence.text, error);
          }
        });
  }

  // log and clock are the host's: a failure of theirs must not end work that is to go on
  private void log(Runnable lines) {
    try {
      lines.run();
    } catch (Throwable e) {
      meters.contained("a failure could not be logged", e);
    }
  }

  /**
   * Tells that a listener failed.
   *
   * @param isNew true for the first failure since the listener last worked
   */
  public void ofListener(String what, boolean isNew, Throwable error) {
    meters.contained(what, error);
    if (isNew) {
      log(
          () ->
              LOG.error(
                  "{}; accounting goes on, and does not say so again until it works", what, error));
    }
  }

  /** Notes that something works; if it failed before, its recovery is logged. */
  public void worked(Consequence consequence) {
    long times = incident(consequence).worked();
    if (times != 0) {
      LOG.info("works again after it failed {}: {}", Plural.of(times, "time"), consequence.text);
    }
  }

  /** The receipt of a call that was not stored. */
  public static Receipt notRecorded(UUID id, @Nullable Cost cost) {
    return new Receipt(id, cost, Receipt.Status.NOT_RECORDED, List.of());
  }

  // the handler is the application's: it never runs where others wait, and where it does not
  // return, what comes after the first thousand failures is counted and logged only
  private void handOn(RuntimeException error) {
    if (Worker.isHere()) {
      handOnLater(error);
    } else {
      tell(error);
    }
  }

  private void handOnLater(RuntimeException error) {
    if (untold.incrementAndGet() > MOST_UNTOLD) {
      untold.decrementAndGet();
    } else if (!news.later(() -> tellNext(error))) {
      tellNext(error);
    }
  }

  private void tellNext(RuntimeException error) {
    untold.decrementAndGet();
    tell(error);
  }

  private void tell(RuntimeException error) {
    try {
      handler.accept(error);
    } catch (Throwable e) {
      // whatever the handler threw: it must neither end a thread of ours nor fail a call of the
      // application
      meters.contained("the error handler failed", e);
      log(() -> LOG.error("the error handler failed on {}", error.toString(), e));
    }
  }

  /** Tells the error handler what waits, at most for some seconds, then ends its thread. */
  public void close() {
    if (!news.close(PATIENCE)) {
      LOG.warn("the error handler did not return within 5 s of closing; it was not told the rest");
    }
  }

  /** True if failures are thrown to the caller. */
  public boolean areThrown() {
    return policy == ErrorPolicy.FAIL;
  }
}
