package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.backend.OutboxPage;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.RefusedDelivery;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.backend.UnknownSinkException;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an {@link Outbox} and its {@link Redelivery} must do. */
public abstract class OutboxContract extends BackendContract {
  private static final String SINK = "crm";
  private static final Duration TERM = Duration.ofSeconds(30);
  private static final UUID ME = new UUID(1, 1);
  private static final UUID YOU = new UUID(2, 2);

  /** For backends. */
  protected OutboxContract() {}

  @Test
  final void whatIsRecordedWaitsForEverySinkThatIsOpen() {
    record(aCall().usage());
    outbox().open(SINK, null);
    outbox().open("files", null);
    Usage usage = aCall().in("search").by("alice").usage();
    record(usage);
    record(usage);

    assertThat(items(SINK)).containsExactly(new OutboxItem(stored(usage), 0));
    assertThat(items("files")).containsExactly(new OutboxItem(stored(usage), 0));
  }

  @Test
  final void whatWasDeliveredWaitsNoLonger() {
    outbox().open(SINK, null);
    record(aCall().usage(), aCall().usage());

    outbox().delivered(outbox().next(SINK, 10), Map.of());

    assertThat(outbox().next(SINK, 10).isEmpty()).isTrue();
    SinkState state = state();
    assertThat(state.delivered()).isEqualTo(2);
    assertThat(state.waiting()).isZero();
    assertThat(state.oldest()).isNull();
    assertThat(state.deliveredAt()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  @Test
  final void whatWasNotDeliveredComesAgain() {
    outbox().open(SINK, null);
    record(aCall().usage());

    assertThat(outbox().next(SINK, 10)).isEqualTo(outbox().next(SINK, 10));
  }

  @Test
  final void callsOfThePastThatAreRecordedNowWait() {
    outbox().open(SINK, null);
    Usage old = aCall().at(ManualClock.START.minus(Duration.ofDays(90))).usage();
    record(old);

    assertThat(ids(items(SINK))).containsExactly(old.id());
  }

  @Test
  final void aBetterFigureComesAgainUnderItsIdWithAGreaterRevision() {
    outbox().open(SINK, null);
    Usage usage = aCall().usage();
    record(usage);
    outbox().delivered(outbox().next(SINK, 10), Map.of());

    fail(usage);

    List<OutboxItem> items = items(SINK);
    assertThat(ids(items)).containsExactly(usage.id());
    assertThat(items.get(0).revision()).isEqualTo(1);
    assertThat(items.get(0).record().currentFigures().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  final void whatIsAdjustedWhileItIsDeliveredComesAgain() {
    outbox().open(SINK, null);
    Usage usage = aCall().usage();
    record(usage);
    OutboxPage page = outbox().next(SINK, 10);
    fail(usage);

    outbox().delivered(page, Map.of());

    assertThat(items(SINK)).extracting(OutboxItem::revision).containsExactly(1L);
  }

  @Test
  final void aPageHoldsWhatIsAskedForAndNoRecordTwice() {
    outbox().open(SINK, null);
    Usage usage = aCall().usage();
    record(usage);
    fail(usage);
    assertThat(items(SINK)).hasSize(1);

    List<Usage> many = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      many.add(aCall().usage());
    }
    record(backend(), many);
    assertThat(outbox().next(SINK, 1).items()).hasSizeBetween(1, 101);
    assertThat(outbox().next(SINK, 150).items()).hasSizeBetween(150, 250);
    assertThat(state().waiting()).isEqualTo(252);
    assertThat(drain(SINK, 60)).hasSize(251);
  }

  @Test
  final void callsSinceAnInstantComeTooAndNoneBefore() {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      calls.add(aCall().in("p" + i % 7).at(ManualClock.START.minusSeconds(i)).usage());
    }
    record(backend(), calls);
    outbox().open(SINK, ManualClock.START.minusSeconds(29));
    record(aCall().usage());

    assertThat(state().replayedTo()).isNotNull();
    assertThat(drain(SINK, 8)).hasSize(31);
    assertThat(state().replayedTo()).isNull();
  }

  @Test
  final void aReplayBringsCallsOnceMore() {
    outbox().open(SINK, null);
    Usage early = aCall().at(ManualClock.START.minusSeconds(60)).usage();
    Usage late = aCall().at(ManualClock.START).usage();
    record(early, late);
    drain(SINK, 10);

    redelivery().replay(SINK, ManualClock.START);
    assertThat(drain(SINK, 10)).containsExactly(late.id());

    redelivery().replay(SINK, Instant.EPOCH);
    redelivery().replay(SINK, ManualClock.START);
    assertThat(drain(SINK, 1)).containsExactlyInAnyOrder(early.id(), late.id());
  }

  @Test
  final void aSinkIsOpenedOnceAndRemovedWithAllThatWaits() {
    assertThat(outbox().open(SINK, null)).isTrue();
    assertThat(outbox().open(SINK, Instant.EPOCH)).isFalse();
    record(aCall().usage());
    assertThat(outbox().sinks()).extracting(SinkState::name).containsExactly(SINK);

    assertThat(outbox().remove(SINK)).isTrue();
    assertThat(outbox().remove(SINK)).isFalse();
    record(aCall().usage());

    assertThat(outbox().sinks()).isEmpty();
    outbox().open(SINK, null);
    assertThat(items(SINK)).isEmpty();
    record(aCall().usage());
    assertThat(items(SINK)).hasSize(1);
  }

  @Test
  final void otherInstancesLearnOfSinksAtOnce() {
    UsageBackend other = another();
    record(other, List.of(aCall().usage()));
    outbox().open(SINK, null);
    record(other, List.of(aCall().usage()));
    assertThat(drain(SINK, 10)).hasSize(1);

    outbox().remove(SINK);
    record(other, List.of(aCall().usage()));
    ((SinkBackend) other).outbox().open(SINK, null);
    record(aCall().usage());
    assertThat(drain(SINK, 10)).hasSize(1);
  }

  @Test
  final void oneHolderHasASinkUntilItsTermEnds() {
    outbox().open(SINK, null);

    assertThat(outbox().claim(SINK, ME, TERM)).isTrue();
    assertThat(outbox().claim(SINK, YOU, TERM)).isFalse();
    clock.advance(TERM.minusSeconds(1));
    assertThat(outbox().claim(SINK, ME, TERM)).isTrue();
    clock.advance(TERM.minusSeconds(1));
    assertThat(outbox().claim(SINK, YOU, TERM)).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(outbox().claim(SINK, YOU, TERM)).isTrue();
    assertThat(state().holder()).isEqualTo(YOU);
    assertThat(outbox().claim(SINK, ME, Duration.ZERO)).isFalse();
    assertThat(outbox().claim(SINK, YOU, Duration.ZERO)).isTrue();
    assertThat(state().heldUntil()).isNull();
    assertThat(outbox().claim(SINK, ME, TERM)).isTrue();
  }

  @Test
  final void oneOfManyWhoClaimAtOnceGetsIt() {
    outbox().open(SINK, null);
    List<Outbox> stores = List.of(outbox(), ((SinkBackend) another()).outbox());

    List<Boolean> claimed =
        ParallelRun.of(
            8, thread -> () -> stores.get(thread % 2).claim(SINK, new UUID(3, thread), TERM));

    assertThat(claimed).containsOnlyOnce(true);
  }

  @Test
  final void whatIsRefusedIsKeptWithItsReasonUntilItIsTriedAgain() {
    outbox().open(SINK, null);
    Usage good = aCall().usage();
    Usage bad = aCall().usage();
    record(good, bad);

    outbox().delivered(outbox().next(SINK, 10), Map.of(bad.id(), "HTTP 400"));

    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    assertThat(redelivery().refused(SINK, 5))
        .containsExactly(new RefusedDelivery(SINK, bad.id(), now, "HTTP 400"));
    assertThat(state().refused()).isEqualTo(1);
    assertThat(state().delivered()).isEqualTo(1);
    assertThat(items(SINK)).isEmpty();
    assertThat(redelivery().again(SINK, Set.of(bad.id(), good.id()))).isEqualTo(1);
    assertThat(redelivery().refused(SINK, 5)).isEmpty();
    assertThat(drain(SINK, 5)).containsExactly(bad.id());
  }

  @Test
  final void whatIsDeliveredInTheEndIsNoLongerRefused() {
    outbox().open(SINK, null);
    Usage usage = aCall().usage();
    record(usage);
    outbox().delivered(outbox().next(SINK, 5), Map.of(usage.id(), "HTTP 400"));
    fail(usage);

    drain(SINK, 5);

    assertThat(redelivery().refused(SINK, 5)).isEmpty();
  }

  @Test
  final void whatWasPurgedIsLeftOut() {
    outbox().open(SINK, null);
    Usage old = aCall().at(ManualClock.START.minus(Duration.ofDays(90))).usage();
    Usage young = aCall().usage();
    record(old, young);
    backend()
        .maintenance()
        .retention()
        .removeUsage(
            new PurgeSlice(
                ManualClock.START.minus(Duration.ofDays(1)), UsageFilter.all(), null, 10),
            new PlainCarrier());

    OutboxPage page = outbox().next(SINK, 10);
    assertThat(ids(page.items())).containsExactly(young.id());
    outbox().delivered(page, Map.of());
    assertThat(outbox().next(SINK, 10).isEmpty()).isTrue();
    assertThat(state().delivered()).isEqualTo(1);
  }

  @Test
  final void failuresAreToldWithTheirTime() {
    outbox().open(SINK, null);
    assertThat(state().isFailing()).isFalse();

    outbox().failed(SINK, "HTTP 503");
    outbox().failed("unknown", "HTTP 503");

    assertThat(state().error()).isEqualTo("HTTP 503");
    assertThat(state().errorAt()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.MICROS));
    assertThat(state().isFailing()).isTrue();
    clock.advance(Duration.ofSeconds(1));
    record(aCall().usage());
    outbox().delivered(outbox().next(SINK, 5), Map.of());
    assertThat(state().isFailing()).isFalse();
  }

  @Test
  final void sinksThatAreNotOpenAreNamed() {
    assertThatExceptionOfType(UnknownSinkException.class)
        .isThrownBy(() -> outbox().next(SINK, 1))
        .withMessageContaining("sink \"crm\" is not open");
    assertThatExceptionOfType(UnknownSinkException.class)
        .isThrownBy(() -> outbox().claim(SINK, ME, TERM));
    assertThatExceptionOfType(UnknownSinkException.class)
        .isThrownBy(() -> redelivery().refused(SINK, 1));
    assertThatExceptionOfType(UnknownSinkException.class)
        .isThrownBy(() -> redelivery().again(SINK, Set.of(ME)));
    assertThatExceptionOfType(UnknownSinkException.class)
        .isThrownBy(() -> redelivery().replay(SINK, ManualClock.START));
  }

  /** Transactions overlap with each other, with opening the sink, and with those who deliver. */
  @Test
  final void noRecordIsSkippedHoweverTransactionsOverlap() {
    List<UsageBackend> instances = List.of(backend(), another());
    Set<UUID> recorded = ConcurrentHashMap.newKeySet();
    Set<UUID> delivered = ConcurrentHashMap.newKeySet();
    AtomicInteger writing = new AtomicInteger(4);
    record(backend(), calls(20, recorded, 0));

    ParallelRun.of(
        6,
        thread ->
            () -> {
              if (thread < 4) {
                for (int i = 0; i < 40; i++) {
                  record(instances.get(thread % 2), calls(1 + i % 3, recorded, i));
                }
                return writing.decrementAndGet();
              }
              Outbox outbox = ((SinkBackend) instances.get(thread % 2)).outbox();
              outbox.open(SINK, Instant.EPOCH);
              boolean isLast = false;
              while (!isLast) {
                isLast = writing.get() == 0;
                OutboxPage page = outbox.next(SINK, 7);
                ids(page.items()).forEach(delivered::add);
                outbox.delivered(page, Map.of());
              }
              return 0;
            });

    delivered.addAll(drain(SINK, 50));
    assertThat(delivered).isEqualTo(recorded);
  }

  private static List<Usage> calls(int count, Set<UUID> remembered, int seconds) {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Usage usage = aCall().in("p" + i).at(ManualClock.START.minusSeconds(seconds % 5)).usage();
      calls.add(usage);
      remembered.add(usage.id());
    }
    return calls;
  }

  private RecordedUsage stored(Usage usage) {
    return backend().usage().find(usage.id()).orElseThrow();
  }

  private List<OutboxItem> items(String sink) {
    return outbox().next(sink, 1_000).items();
  }

  private Set<UUID> drain(String sink, int most) {
    Set<UUID> drained = new HashSet<>();
    OutboxPage page = outbox().next(sink, most);
    while (!page.isEmpty()) {
      drained.addAll(ids(page.items()));
      outbox().delivered(page, Map.of());
      page = outbox().next(sink, most);
    }
    return drained;
  }

  private static List<UUID> ids(List<OutboxItem> items) {
    return items.stream().map(item -> item.record().usage().id()).toList();
  }

  private SinkState state() {
    return outbox().sinks().stream()
        .filter(one -> one.name().equals(SINK))
        .findFirst()
        .orElseThrow();
  }

  private Outbox outbox() {
    return ((SinkBackend) backend()).outbox();
  }

  private Redelivery redelivery() {
    return ((SinkBackend) backend()).redelivery();
  }
}
