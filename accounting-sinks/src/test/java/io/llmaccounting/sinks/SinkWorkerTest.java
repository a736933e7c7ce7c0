package io.llmaccounting.sinks;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.RefusedDelivery;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.backend.UnknownSinkException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SinkWorkerTest {
  private static final SinkSettings SETTINGS = SinkSettings.defaults().batch(8);

  private final ManualClock clock = ManualClock.create();
  private final InMemoryBackend backend = InMemoryBackend.create(clock);
  private final LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build();
  private final Random seeds = new Random(7);
  private final FakeSink sink = new FakeSink();
  private final SinkWorker worker = worker(sink, SETTINGS);

  private SinkWorker worker(Sink to, SinkSettings settings) {
    return new SinkWorker(backend, to, settings, clock, new Random(seeds.nextLong()));
  }

  @AfterEach
  void close() {
    worker.close();
    accounting.close();
  }

  private List<UUID> record(int calls) {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      Usage usage = aCall().by("alice").at(clock.instant()).usage();
      accounting.track(usage);
      ids.add(usage.id());
    }
    return ids;
  }

  private Duration drain() throws InterruptedException {
    Duration pause = worker.step();
    while (pause.isZero()) {
      pause = worker.step();
    }
    return pause;
  }

  private SinkState state() {
    return backend.outbox().sinks().get(0);
  }

  @Test
  void deliversWhatIsRecordedFromItsFirstStepOn() throws Exception {
    record(3);
    assertThat(drain()).isEqualTo(SinkWorker.IDLE);
    List<UUID> ids = record(20);

    assertThat(drain()).isEqualTo(SinkWorker.IDLE);

    assertThat(sink.ids()).containsExactlyElementsOf(ids);
    assertThat(sink.batches).containsOnly(8, 4);
    assertThat(worker.progress().delivered()).isEqualTo(20);
    assertThat(worker.progress().holding()).isTrue();
  }

  @Test
  void beginsWhereItIsTold() throws Exception {
    List<UUID> before = record(10);
    FakeSink all = new FakeSink();
    SinkWorker fromTheBeginning = worker(all, SETTINGS.fromTheBeginning());

    while (fromTheBeginning.step().isZero()) {
      assertThat(all.closed).isFalse();
    }

    assertThat(all.ids()).containsExactlyInAnyOrderElementsOf(before);
    fromTheBeginning.close();
  }

  @Test
  void aReceiverThatIsDownForAMinuteGetsEverythingOnceAfterwards() throws Exception {
    drain();
    List<UUID> ids = record(20);
    sink.broken = new IOException("connection refused");

    Duration waited = Duration.ZERO;
    Duration longest = Duration.ZERO;
    while (waited.compareTo(Duration.ofMinutes(1)) < 0) {
      Duration pause = worker.step();
      assertThat(pause).isPositive();
      longest = pause.compareTo(longest) > 0 ? pause : longest;
      waited = waited.plus(pause);
      clock.advance(pause);
    }
    assertThat(sink.batches.size()).isLessThan(15);
    assertThat(longest).isGreaterThan(Duration.ofSeconds(8));
    assertThat(state().isFailing()).isTrue();
    assertThat(state().error()).isEqualTo("connection refused");
    assertThat(worker.progress().error()).isEqualTo("connection refused");
    assertThat(state().waiting()).isEqualTo(20);

    sink.broken = null;
    clock.advance(Duration.ofMinutes(5));
    drain();

    assertThat(sink.ids()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(state().isFailing()).isFalse();
    assertThat(worker.progress().error()).isNull();
  }

  @Test
  void waitsAsLongAsTheReceiverWants() throws Exception {
    drain();
    record(1);
    sink.down = Delivery.later("HTTP 429", Duration.ofSeconds(15));

    assertThat(worker.step()).isEqualTo(Duration.ofSeconds(15));
    clock.advance(Duration.ofSeconds(14));
    assertThat(worker.step()).isEqualTo(Duration.ofSeconds(1));
    assertThat(sink.batches).hasSize(1);
    sink.down = null;
    clock.advance(Duration.ofSeconds(1));
    assertThat(worker.step()).isZero();
  }

  @Test
  void findsTheOneRecordThatIsRefusedAndDeliversTheRest() throws Exception {
    drain();
    List<UUID> ids = record(20);
    UUID bad = ids.get(5);
    sink.poison.add(bad);

    drain();

    assertThat(sink.ids()).doesNotContain(bad).hasSize(19).doesNotHaveDuplicates();
    List<RefusedDelivery> refused = backend.redelivery().refused("fake", 10);
    assertThat(refused).extracting(RefusedDelivery::usageId).containsExactly(bad);
    assertThat(refused.get(0).reason()).isEqualTo("HTTP 400 no such model for [name]");
    assertThat(worker.progress().refused()).isEqualTo(1);
    assertThat(state().refused()).isEqualTo(1);
  }

  @Test
  void givesUpAReceiverThatHangsAndTriesNothingElseMeanwhile() throws Exception {
    FakeSink slow = new FakeSink();
    slow.hanging = new CountDownLatch(1);
    SinkWorker hanging = worker(slow, SETTINGS.timeout(Duration.ofMillis(100)));
    hanging.step();
    record(2);

    assertThat(hanging.step()).isPositive();

    assertThat(hanging.progress().error()).isEqualTo("no answer within 100 ms");
    assertThat(record(1)).hasSize(1);
    slow.hanging = null;
    clock.advance(Duration.ofMinutes(1));
    assertThat(hanging.step()).isZero();
    assertThat(slow.ids()).hasSize(3);
    hanging.close();
  }

  @Test
  void anErrorOfTheSinkItselfEndsNothing() throws Exception {
    Sink faulty = new FaultySink();
    SinkWorker one = worker(faulty, SETTINGS);
    one.step();
    record(1);

    assertThat(one.step()).isPositive();

    assertThat(one.progress().error()).isEqualTo("IllegalStateException: no luck");
    one.close();
  }

  private static final class FaultySink implements Sink {
    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public Delivery deliver(List<io.llmaccounting.backend.OutboxItem> batch) {
      throw new IllegalStateException("no luck");
    }

    @Override
    public void close() {
      // nothing to release
    }
  }

  @Test
  void aStoreThatIsAwayIsAskedAgain() throws Exception {
    drain();
    List<UUID> ids = record(2);
    backend.breakDown();
    assertThat(worker.step()).isPositive();
    assertThat(worker.progress().error()).startsWith("the store: ");
    backend.recover();

    drain();

    assertThat(sink.ids()).containsExactlyElementsOf(ids);
  }

  @Test
  void whatWasDeliveredWhenTheStoreWentAwayIsNotSentAgain() throws Exception {
    drain();
    List<UUID> ids = record(2);
    sink.hanging = new CountDownLatch(1);
    Thread breaker =
        new Thread(
            () -> {
              while (sink.batches.isEmpty()) {
                Thread.onSpinWait();
              }
              backend.breakDown();
              sink.hanging.countDown();
            });
    breaker.start();
    assertThat(worker.step()).isPositive();
    breaker.join();
    sink.hanging = null;
    backend.recover();

    drain();

    assertThat(sink.ids()).containsExactlyElementsOf(ids);
    assertThat(state().waiting()).isZero();
  }

  @Test
  void anotherInstanceTakesOverOnceTheTermHasEnded() throws Exception {
    FakeSink theirs = new FakeSink();
    SinkWorker other = worker(theirs, SETTINGS);
    drain();
    record(1);

    assertThat(other.step()).isEqualTo(SinkWorker.IDLE);
    assertThat(theirs.taken).isEmpty();
    clock.advance(Duration.ofSeconds(60));
    assertThat(other.step()).isZero();
    record(1);
    assertThat(worker.step()).isEqualTo(SinkWorker.IDLE);

    assertThat(sink.taken).isEmpty();
    assertThat(theirs.taken).hasSize(1);
    assertThat(worker.progress().holding()).isFalse();
    other.close();
    assertThat(worker.step()).isZero();
    assertThat(sink.taken).hasSize(1);
    assertThat(theirs.closed).isTrue();
  }

  @Test
  void aSinkThatSomebodyRemovedEnds() throws Exception {
    drain();
    backend.outbox().remove("fake");

    assertThatExceptionOfType(UnknownSinkException.class).isThrownBy(worker::step);
  }

  @Test
  void whatWasErasedIsNeverDeliveredWithTheName() throws Exception {
    drain();
    record(3);
    sink.broken = new IOException("down");
    assertThat(worker.step()).isPositive();
    sink.broken = null;

    boolean unused = accounting.admin().erase("alice").run().foundNothing();
    clock.advance(Duration.ofMinutes(5));
    drain();

    assertThat(sink.taken)
        .hasSize(3)
        .noneMatch(item -> "alice".equals(item.record().usage().attribution().user()));
  }
}
