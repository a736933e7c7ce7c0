package io.llmaccounting.spring;

import io.llmaccounting.LimitSetPlan;
import io.llmaccounting.Limits;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.limit.LimitClashException;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Applies the limits of the properties at the start, before requests are taken. While the database
 * is away it tries again in the background, and calls are refused as in any outage.
 */
final class DeclaredLimits implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(DeclaredLimits.class);
  private static final Duration RETRY = Duration.ofSeconds(2);

  /** Before web servers and listeners of messages start. */
  private static final int EARLY = -1000;

  private final Limits limits;
  private final @Nullable LimitSet set;
  private final boolean takesOver;
  private final Duration retry;

  private @Nullable ScheduledExecutorService later;
  private boolean running;

  DeclaredLimits(Limits limits, @Nullable LimitSet set, boolean takesOver) {
    this(limits, set, takesOver, RETRY);
  }

  DeclaredLimits(Limits limits, @Nullable LimitSet set, boolean takesOver, Duration retry) {
    this.limits = limits;
    this.set = set;
    this.takesOver = takesOver;
    this.retry = retry;
  }

  @Override
  public synchronized void start() {
    running = true;
    LimitSet wanted = set;
    if (wanted == null) {
      return;
    }
    try {
      apply(wanted);
    } catch (BackendException e) {
      if (!e.isPassing()) {
        throw e;
      }
      LOG.warn(
          "The limits of set \"{}\" could not be applied, because the database is away; this is"
              + " tried again until it is back: {}",
          wanted.name(),
          e.getMessage());
      applyLater(wanted);
    } catch (LimitClashException e) {
      throw new SettingException(
          LlmAccountingProperties.PREFIX + "limits",
          null,
          e.getMessage() + " by llm.accounting.take-limits-over=true",
          e);
    }
  }

  private void apply(LimitSet wanted) {
    LimitSetPlan plan = limits.plan(wanted);
    LimitSetDiff done = (takesOver ? plan.takingOver() : plan).apply();
    if (!done.isEmpty()) {
      LOG.info("Applied {}", done);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // each try tells of its failure itself
  private void applyLater(LimitSet wanted) {
    ScheduledExecutorService tries =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "llm-accounting-limits");
              thread.setDaemon(true);
              return thread;
            });
    later = tries;
    tries.scheduleWithFixedDelay(
        () -> tryAgain(wanted, tries), retry.toNanos(), retry.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void tryAgain(LimitSet wanted, ScheduledExecutorService tries) {
    try {
      apply(wanted);
      tries.shutdown();
    } catch (BackendException e) {
      if (!e.isPassing()) {
        giveUp(wanted, tries, e);
      }
    } catch (RuntimeException e) {
      giveUp(wanted, tries, e);
    }
  }

  private static void giveUp(
      LimitSet wanted, ScheduledExecutorService tries, RuntimeException error) {
    LOG.error(
        "The limits of set \"{}\" are not applied and stay as they were", wanted.name(), error);
    tries.shutdown();
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (later != null) {
      later.shutdownNow();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return EARLY;
  }
}
