package io.llmaccounting.client;

import io.llmaccounting.client.internal.calls.CallDesk;
import io.llmaccounting.client.internal.calls.CallSettings;
import io.llmaccounting.client.internal.calls.HoldDesk;
import io.llmaccounting.client.internal.calls.RemoteQuotas;
import io.llmaccounting.client.internal.calls.Stages;
import io.llmaccounting.client.internal.health.Failures;
import io.llmaccounting.client.internal.health.Listeners;
import io.llmaccounting.client.internal.health.NewsThread;
import io.llmaccounting.client.internal.health.Tally;
import io.llmaccounting.client.internal.recording.Outbox;
import io.llmaccounting.client.internal.reports.RemoteReports;
import io.llmaccounting.client.internal.spool.SpoolFolder;
import io.llmaccounting.client.internal.wire.Reach;
import io.llmaccounting.client.internal.wire.Wire;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.QuotaService;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The parts of a client, put together, started and stopped in their order. */
final class ClientEngine {
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(5);
  private static final Health.Spread NOT_MEASURED = new Health.Spread(0, 0, 0, 0, 0, 0);

  private final URI server;
  private final ScheduledExecutorService timer;
  private final Tally tally;
  private final Failures failures;
  private final Reach reach;
  private final @Nullable SpoolFolder spool;
  private final Outbox outbox;
  private final CallDesk calls;
  private final RemoteQuotas quotas;
  private final RemoteReports reports;
  private final CallSettings settings;
  private final LlmAccountingClientBuilder given;
  private @Nullable Thread atExit;

  ClientEngine(LlmAccountingClientBuilder given, @Nullable SpoolFolder spool) {
    this.given = given;
    this.server = given.server;
    this.spool = spool;
    this.settings = given.settings();
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "llm-accounting-client-timer");
              made.setDaemon(true);
              return made;
            });
    this.tally = new Tally(given.clock);
    NewsThread news = new NewsThread();
    this.failures = new Failures(given.errorPolicy, given.errorHandler, tally, news);
    Listeners listeners = new Listeners(given.listeners, tally, news);
    this.reach =
        new Reach(
            given.clock,
            System::nanoTime,
            given.random,
            store -> listeners.tellLater(watcher -> watcher.storeChanged(store)));
    Wire wire = new Wire(given.http(), server, given.key, timer);
    this.outbox =
        new Outbox(
            given.recording(),
            new Outbox.Parts(wire, reach, tally, failures, System::nanoTime, spool));
    HoldDesk holds = new HoldDesk(wire, reach, outbox, settings, System::nanoTime);
    this.calls = new CallDesk(holds, new Stages(given.executor), listeners, failures, tally);
    this.quotas = new RemoteQuotas(calls);
    this.reports =
        new RemoteReports(question -> Stages.join(holds.ask(question, settings.timeout())));
  }

  void start() {
    outbox.start();
    calls.start(timer);
    if (given.endsOrderly) {
      Thread hook =
          new Thread(() -> outbox.close(given.closeTimeout()), "llm-accounting-client-end");
      Runtime.getRuntime().addShutdownHook(hook);
      atExit = hook;
    }
  }

  URI server() {
    return server;
  }

  CallDesk calls() {
    return calls;
  }

  QuotaService quotas() {
    return quotas;
  }

  RemoteReports reports() {
    return reports;
  }

  Failures failures() {
    return failures;
  }

  UUID newId() {
    return settings.newId(settings.now());
  }

  void flush() {
    outbox.flush(settings.timeout());
  }

  Health health() {
    Instant now = settings.now();
    return new Health(
        now,
        reach.state(),
        tally.counts(),
        new Health.Buffer(outbox.records(), outbox.bytes(), given.mostRecords, given.mostBytes),
        spool(now),
        NOT_MEASURED,
        NOT_MEASURED,
        calls.underWay(),
        tally.unread(),
        tally.last());
  }

  private Health.Spool spool(Instant now) {
    if (spool == null) {
      return new Health.Spool(0, 0, 0, 0, null, true);
    }
    Instant oldest = spool.oldest();
    Duration age = oldest == null ? null : Duration.between(oldest, now);
    return new Health.Spool(
        spool.records(),
        spool.bytes(),
        spool.maxBytes(),
        spool.deadLetters(),
        age == null || age.isNegative() ? (age == null ? null : Duration.ZERO) : age,
        true);
  }

  void close() {
    Thread hook = atExit;
    if (hook != null) {
      atExit = null;
      try {
        boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process ends already, and the hook does the same as this
      }
    }
    calls.close();
    outbox.close(given.closeTimeout());
    failures.close(LAST_MOMENTS);
    timer.shutdownNow();
  }
}
