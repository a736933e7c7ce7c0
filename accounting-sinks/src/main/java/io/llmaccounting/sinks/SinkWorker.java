package io.llmaccounting.sinks;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OutboxPage;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.UnknownSinkException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to one sink, a step at a time: claims it, reads a page, delivers it, and tells the
 * store. Confined to one thread, except for {@link #progress}.
 */
final class SinkWorker {
  /** How long it looks for more where nothing waits. */
  static final Duration IDLE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);
  private static final Duration SHORTEST_TERM = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration LONGEST_WISH = Duration.ofMinutes(15);

  private final SinkBackend backend;
  private final Sink sink;
  private final SinkSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final UUID holder;
  private final Duration term;
  private final Attempt attempt;
  private final PageDelivery pages;
  private boolean opened;
  private int failures;
  private @Nullable Instant claimedAt;
  private Instant retryAt = Instant.EPOCH;
  private volatile SinkProgress progress;

  SinkWorker(
      SinkBackend backend,
      Sink sink,
      SinkSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.backend = backend;
    this.sink = sink;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.holder = new UUID(random.nextLong(), random.nextLong());
    Duration twice = settings.timeout().multipliedBy(2);
    this.term = twice.compareTo(SHORTEST_TERM) < 0 ? SHORTEST_TERM : twice;
    this.attempt = new Attempt(sink, settings.timeout());
    this.pages = new PageDelivery(attempt, settings);
    this.progress = new SinkProgress(sink.name(), 0, 0, 0, false, null, null);
  }

  SinkProgress progress() {
    return progress;
  }

  /**
   * Does one step.
   *
   * @return how long to wait before the next one
   * @throws InterruptedException if the thread is to end
   * @throws UnknownSinkException if somebody removed the sink
   */
  Duration step() throws InterruptedException {
    try {
      if (!opened) {
        boolean unused = backend.outbox().open(sink.name(), settings.from());
        opened = true;
      }
      return held();
    } catch (BackendException e) {
      claimedAt = null;
      return failed("the store: " + e.getMessage(), null, false);
    }
  }

  private Duration held() throws InterruptedException {
    if (!claim()) {
      return IDLE;
    }
    Duration left = Duration.between(clock.instant(), retryAt);
    if (left.compareTo(Duration.ZERO) > 0) {
      return left.compareTo(term.dividedBy(3)) > 0 ? term.dividedBy(3) : left;
    }
    OutboxPage page = backend.outbox().next(sink.name(), settings.batch());
    if (page.isEmpty()) {
      return IDLE;
    }
    Delivery delivery = pages.deliver(page, this::claim);
    if (delivery.status() != Delivery.Status.TAKEN) {
      return failed(delivery.reason(), delivery.retryAfter(), true);
    }
    Map<UUID, String> refused = pages.refused();
    backend.outbox().delivered(page, refused);
    pages.next();
    delivered(page.items().size(), refused);
    return Duration.ZERO;
  }

  // Renewed after a third of its term, so that it lasts as long as a delivery may take.
  private boolean claim() {
    Instant now = clock.instant();
    Instant since = claimedAt;
    if (since != null && now.isBefore(since.plus(term.dividedBy(3)))) {
      return true;
    }
    boolean claimed = backend.outbox().claim(sink.name(), holder, term);
    claimedAt = claimed ? now : null;
    SinkProgress last = progress;
    if (last.holding() != claimed) {
      progress =
          new SinkProgress(
              last.name(),
              last.delivered(),
              last.refused(),
              last.failures(),
              claimed,
              last.error(),
              last.deliveredAt());
    }
    return claimed;
  }

  private void delivered(int items, Map<UUID, String> refused) {
    if (failures > 0) {
      LOG.info("sink {} takes records again, after {} attempts", sink.name(), failures);
    }
    refused.forEach(
        (id, reason) -> LOG.warn("sink {} refused record {}: {}", sink.name(), id, reason));
    failures = 0;
    SinkProgress last = progress;
    progress =
        new SinkProgress(
            last.name(),
            last.delivered() + items - refused.size(),
            last.refused() + refused.size(),
            last.failures(),
            true,
            null,
            clock.instant());
  }

  private Duration failed(String reason, @Nullable Duration wish, boolean tell) {
    failures++;
    SinkProgress last = progress;
    progress =
        new SinkProgress(
            last.name(),
            last.delivered(),
            last.refused(),
            last.failures() + 1,
            last.holding(),
            reason,
            last.deliveredAt());
    Duration pause = pause(wish);
    if (failures == 1 || !reason.equals(last.error())) {
      LOG.warn("sink {} takes nothing at present: {}; it is tried again", sink.name(), reason);
    }
    if (tell) {
      retryAt = clock.instant().plus(pause);
      backend.outbox().failed(sink.name(), reason);
    }
    Duration renewal = term.dividedBy(3);
    return pause.compareTo(renewal) > 0 ? renewal : pause;
  }

  private Duration pause(@Nullable Duration wish) {
    long bound =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, 16));
    Duration own = Duration.ofMillis(bound / 2 + random.nextLong(bound / 2 + 1));
    if (wish == null || wish.compareTo(own) < 0) {
      return own;
    }
    return wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish;
  }

  /** Lets others deliver, and closes the sink. */
  void close() {
    attempt.close();
    try {
      if (claimedAt != null) {
        Outbox outbox = backend.outbox();
        boolean unused = outbox.claim(sink.name(), holder, Duration.ZERO);
      }
    } catch (BackendException | UnknownSinkException e) {
      LOG.debug("sink {} was not given back; its term ends by itself", sink.name(), e);
    } finally {
      sink.close();
    }
  }
}
