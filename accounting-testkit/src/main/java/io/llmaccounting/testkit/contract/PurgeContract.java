package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.PurgedSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Records leave in slices, and what limits go on counting of them stays. */
public abstract class PurgeContract extends BackendContract {
  private static final Instant HORIZON = ManualClock.START;
  private static final Instant OLD = HORIZON.minus(Duration.ofDays(1));

  @Test
  final void theHorizonMovesForwardOnly() {
    PlainCarrier.moveHorizon(backend(), HORIZON);
    PlainCarrier.moveHorizon(backend(), OLD);

    assertThat(backend().usage().completeFrom()).isEqualTo(HORIZON);
    assertThat(reopen().usage().completeFrom()).isEqualTo(HORIZON);
  }

  @Test
  final void theHorizonMovesWithTheFirstThatLeave() {
    record(backend(), calls(2));

    remove(1, new PlainCarrier());

    assertThat(backend().usage().completeFrom()).isEqualTo(HORIZON);
    assertThat(record(aCall().at(OLD).usage()).tooOld()).hasSize(1);
    assertThat(all()).hasSize(1);
  }

  @Test
  final void theOldestLeaveFirstAndWhatIsNotOlderStays() {
    List<Usage> old = calls(5);
    Usage edge = aCall().at(HORIZON).usage();
    record(backend(), old);
    record(edge);

    PurgedSlice first = remove(3, new PlainCarrier());
    List<Usage> left = all();
    PurgedSlice second = retention().removeUsage(slice(first, 3), new PlainCarrier());

    assertThat(first).isEqualTo(new PurgedSlice(3, old.get(2).id(), false));
    assertThat(left).containsExactly(old.get(3), old.get(4), edge);
    assertThat(second.records()).isEqualTo(2);
    assertThat(second.last()).isEqualTo(old.get(4).id());
    assertThat(all()).containsExactly(edge);
    assertThat(remove(3, new PlainCarrier()).done()).isTrue();
  }

  @Test
  final void onlyThoseThatTheFilterMeansLeave() {
    Usage alices = aCall().by("alice").at(OLD).usage();
    Usage bobs = aCall().by("bob").costing("1").at(OLD).usage();
    record(alices, bobs);

    assertThat(retention().countUsage(HORIZON, UsageFilter.all())).isEqualTo(2);
    assertThat(retention().countUsage(HORIZON, UsageFilter.all().unpriced())).isEqualTo(1);
    PurgedSlice removed =
        retention()
            .removeUsage(
                new PurgeSlice(HORIZON, UsageFilter.all().user("alice"), null, 9),
                new PlainCarrier());

    assertThat(removed.records()).isEqualTo(1);
    assertThat(all()).containsExactly(bobs);
    assertThat(retention().countUsage(HORIZON, UsageFilter.all())).isEqualTo(1);
  }

  /** faults A4: what became known of a record leaves with it, figures and costs alike. */
  @Test
  final void adjustmentsLeaveWithTheirRecord() {
    Usage gone = aCall().at(OLD).usage();
    Usage stays = aCall().at(HORIZON).usage();
    record(gone, stays);
    for (Usage one : List.of(gone, stays)) {
      CallFigures better =
          CallFigures.of(one).withTokens(TokenUsage.of(7, 8), TokenSource.REPORTED);
      adjust(one, stored -> Adjustment.ofFigures(stored, better));
      adjust(one, "0.5");
    }
    List<UsageAdjustment> kept = adjustments(stays);
    assertThat(adjustments(gone)).hasSize(2);

    remove(9, new PlainCarrier());

    assertThat(adjustments(gone)).isEmpty();
    assertThat(adjustments(stays)).isEqualTo(kept).hasSize(2);
  }

  @Test
  final void whoCarriesSeesWhatItWantsWithTheLatestCorrection() {
    Usage early = aCall().at(OLD).usage();
    Usage wanted = aCall().at(OLD.plusSeconds(1)).usage();
    record(early, wanted);
    adjust(wanted, "0.5");
    PlainCarrier carrier = new PlainCarrier(Set.of(), OLD.plusSeconds(1));

    remove(9, carrier);

    assertThat(carrier.leaving()).extracting(RecordedUsage::usage).containsExactly(wanted);
    assertThat(carrier.leaving().get(0).cost()).contains(Cost.usd("0.5"));
    assertThat(all()).isEmpty();
  }

  @Test
  final void basesGrowAndCountersStay() {
    CounterKey counter = aCounter("c");
    CounterKey other = aCounter("d");
    transact(backend(), Set.of(counter), Counts.addOne());
    record(backend(), calls(5));

    remove(2, new PlainCarrier(Set.of(counter), Instant.EPOCH));
    remove(2, new PlainCarrier(Set.of(counter, other), Instant.EPOCH));

    assertThat(bases()).isEqualTo(Map.of(counter, Counts.of(4), other, Counts.of(2)));
    assertThat(state(backend(), counter)).isEqualTo(Counts.of(1));
    backend().maintenance().rebuildCounters(view -> Map.of());
    assertThat(bases()).hasSize(2);
  }

  @Test
  final void aCarrierThatFailsLeavesEverything() {
    CounterKey counter = aCounter("c");
    record(backend(), calls(3));
    IllegalStateException bug = new IllegalStateException("a bug in the carrier");

    Throwable thrown =
        catchThrowable(
            () ->
                remove(
                    9,
                    new PlainCarrier(Set.of(counter), Instant.EPOCH) {
                      @Override
                      public Map<CounterKey, CounterState> carried(
                          Map<CounterKey, CounterState> bases) {
                        throw bug;
                      }
                    }));

    assertThat(thrown).isSameAs(bug);
    assertThat(all()).hasSize(3);
    assertThat(bases()).isEmpty();
    assertThat(backend().usage().completeFrom()).isBefore(OLD);
    assertThat(record(aCall().at(OLD).usage()).fresh()).hasSize(1);
  }

  @Test
  final void basesGoWithTheirLimit() {
    List<CounterKey> counters = List.of(aCounter("kept"), aCounter("changed"), aCounter("gone"));
    record(backend(), calls(1));
    remove(9, new PlainCarrier(Set.copyOf(counters), Instant.EPOCH));

    backend()
        .limits()
        .save(Limit.named("limit for kept").requests(20).lifetime(), PlainSeed.keeping());
    save(Limit.named("limit for changed").inputTokens(20).lifetime());
    backend().limits().delete("limit for gone", PlainSeed.ofNothing());

    assertThat(bases()).containsOnlyKeys(counters.get(0));
  }

  @Test
  final void instancesThatPurgeAtOnceRemoveEachRecordOnce() {
    CounterKey counter = aCounter("c");
    record(backend(), calls(200));
    List<UsageBackend> instances = List.of(backend(), another());

    List<Long> removed =
        ParallelRun.of(
            4,
            thread ->
                () -> {
                  Retention mine = instances.get(thread % 2).maintenance().retention();
                  long sum = 0;
                  boolean done = false;
                  while (!done) {
                    PurgedSlice gone =
                        mine.removeUsage(
                            new PurgeSlice(HORIZON, UsageFilter.all(), null, 7),
                            new PlainCarrier(Set.of(counter), Instant.EPOCH));
                    sum += gone.records();
                    done = gone.done();
                  }
                  return sum;
                });

    assertThat(removed.stream().mapToLong(Long::longValue).sum()).isEqualTo(200);
    assertThat(bases()).isEqualTo(Map.of(counter, Counts.of(200)));
  }

  private Retention retention() {
    return backend().maintenance().retention();
  }

  private PurgedSlice remove(int count, PlainCarrier carrier) {
    return retention()
        .removeUsage(new PurgeSlice(HORIZON, UsageFilter.all(), null, count), carrier);
  }

  private static PurgeSlice slice(PurgedSlice before, int count) {
    return new PurgeSlice(HORIZON, UsageFilter.all(), before.last(), count);
  }

  private static List<Usage> calls(int count) {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(aCall().at(OLD.plusMillis(i)).usage());
    }
    return calls;
  }

  private List<Usage> all() {
    List<Usage> all = new ArrayList<>();
    backend().usage().scan(TimeRange.always(), UsageFilter.all(), one -> all.add(one.usage()));
    return all;
  }

  private Map<CounterKey, CounterState> bases() {
    return backend().maintenance().inspect(view -> Map.copyOf(view.bases()));
  }

  private List<UsageAdjustment> adjustments(Usage usage) {
    return backend().usage().adjustments(Set.of(usage.id())).getOrDefault(usage.id(), List.of());
  }

  private void adjust(Usage usage, String dollars) {
    adjust(usage, stored -> Adjustment.ofCost(stored, new PricedCost(Cost.usd(dollars), "test")));
  }

  private void adjust(Usage usage, Function<RecordedUsage, Adjustment> adjustment) {
    LedgerBatch batch =
        new LedgerBatch(
            backend().limits().revision(), new TreeSet<>(), Set.of(), Set.of(), Set.of(usage.id()));
    transact(
        backend(),
        batch,
        view ->
            new LedgerWrites(
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(adjustment.apply(Objects.requireNonNull(view.records().get(usage.id()))))));
  }
}
