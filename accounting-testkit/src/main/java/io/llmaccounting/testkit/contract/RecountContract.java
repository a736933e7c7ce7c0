package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** faults B5: what others do while a limit is counted is counted once, as it is in the end. */
public abstract class RecountContract extends BackendContract {
  private static final Instant ALL = Instant.EPOCH;

  @Test
  final void recordsThatComeWhileALimitIsCountedAreCountedOnce() {
    UsageBackend other = another();
    record(aCall().usage(), aCall().usage());
    Usage older = aCall().at(clock.instant().minusSeconds(9_999)).usage();
    Usage newer = aCall().usage();
    PlainSeed seed =
        PlainSeed.countingFrom(ALL).meanwhile(() -> record(other, List.of(older, newer)));

    StoredLimit stored = backend().limits().save(limit("a"), seed);

    assertThat(state(other, new CounterKey(stored.id(), ""))).isEqualTo(Counts.of(4));
    assertThat(ids(seed)).hasSize(4).doesNotHaveDuplicates().contains(older.id(), newer.id());
  }

  @Test
  final void recordsOfMoreThanASliceAreCountedOnceWhateverComesMeanwhile() {
    UsageBackend other = another();
    List<Usage> many = new ArrayList<>();
    for (int i = 0; i < 4_100; i++) {
      many.add(aCall().at(clock.instant().minusSeconds(i)).usage());
    }
    record(backend(), many);
    List<Usage> late = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      late.add(aCall().at(clock.instant().minusSeconds(i * 20L)).usage());
    }
    PlainSeed seed = PlainSeed.countingFrom(ALL).meanwhile(() -> record(other, late));

    backend().limits().save(limit("a"), seed);

    assertThat(ids(seed)).hasSize(4_400).doesNotHaveDuplicates();
  }

  @Test
  final void aCorrectionWhileALimitIsCountedReplacesWhatWasCounted() {
    UsageBackend other = another();
    Usage first = aCall().at(clock.instant().minusSeconds(5)).usage();
    Usage second = aCall().usage();
    record(first, second);
    correct(other, second.id(), "1");
    PlainSeed seed =
        PlainSeed.countingFrom(ALL)
            .meanwhile(
                () -> {
                  correct(other, first.id(), "2");
                  correct(other, first.id(), "3");
                  correct(other, second.id(), "4");
                });

    backend().limits().save(limit("a"), seed);

    assertThat(seed.accepted)
        .extracting(one -> one.cost().orElseThrow())
        .containsExactlyInAnyOrder(Cost.usd("3"), Cost.usd("4"));
  }

  @Test
  final void whatIsPurgedWhileALimitIsCountedIsNotKnownToIt() {
    UsageBackend other = another();
    Instant horizon = Instant.parse("2026-01-01T00:00:00Z");
    Usage old = aCall().at(horizon.minusSeconds(60)).usage();
    Usage kept = aCall().usage();
    record(old, kept);
    Retention retention = other.maintenance().retention();
    PlainSeed seed =
        PlainSeed.countingFrom(ALL)
            .meanwhile(
                () -> {
                  retention.removeUsage(
                      new PurgeSlice(horizon, UsageFilter.all(), null, 9), new PlainCarrier());
                });

    backend().limits().save(limit("a"), seed);

    assertThat(ids(seed)).containsExactly(kept.id());
  }

  @Test
  final void anotherChangeOfLimitsMeanwhileIsKept() {
    UsageBackend other = another();
    record(aCall().usage());
    PlainSeed seed =
        PlainSeed.countingFrom(ALL)
            .meanwhile(() -> other.limits().save(limit("b"), PlainSeed.countingFrom(ALL)));

    StoredLimit stored = backend().limits().save(limit("a"), seed);

    assertThat(seed.limits).hasSize(2).contains(stored);
    assertThat(ids(seed)).hasSize(1);
    assertThat(backend().limits().load().limits())
        .extracting(one -> one.limit().name())
        .containsExactly("a", "b");
    assertThat(backend().maintenance().<Integer>inspect(view -> view.counters().size()))
        .isEqualTo(2);
  }

  @Test
  final void aCountThatFailsLeavesNothingThatTheNextOneWouldMiss() {
    UsageBackend other = another();
    record(aCall().usage());
    IllegalStateException bug = new IllegalStateException("a bug");
    Throwable thrown =
        catchThrowable(() -> backend().limits().save(limit("a"), PlainSeed.failing(bug)));
    record(other, List.of(aCall().usage()));
    PlainSeed seed =
        PlainSeed.countingFrom(ALL).meanwhile(() -> record(other, List.of(aCall().usage())));

    backend().limits().save(limit("a"), seed);

    assertThat(thrown).isSameAs(bug);
    assertThat(ids(seed)).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  final void aClockThatLeapsWhileALimitIsCountedChangesNothing() {
    UsageBackend other = another();
    record(aCall().usage());
    PlainSeed seed =
        PlainSeed.countingFrom(ALL)
            .meanwhile(
                () -> {
                  clock.advance(Duration.ofDays(1));
                  record(other, List.of(aCall().at(clock.instant()).usage()));
                });

    backend().limits().save(limit("a"), seed);

    assertThat(ids(seed)).hasSize(2).doesNotHaveDuplicates();
    assertThat(seed.now).isEqualTo(clock.instant());
  }

  /** faults B5: what comes while the clock is ahead is counted, although it comes back. */
  @Test
  final void aClockThatLeapsAndComesBackWhileALimitIsCountedChangesNothing() {
    UsageBackend other = another();
    record(aCall().usage());
    Usage late = aCall().at(clock.instant().minusSeconds(5)).usage();
    PlainSeed seed =
        PlainSeed.countingFrom(ALL)
            .meanwhile(
                () -> {
                  clock.advance(Duration.ofHours(3));
                  record(other, List.of(late));
                  clock.advance(Duration.ofHours(-3));
                });

    StoredLimit stored = backend().limits().save(limit("a"), seed);

    assertThat(state(other, new CounterKey(stored.id(), ""))).isEqualTo(Counts.of(2));
    assertThat(ids(seed)).hasSize(2).doesNotHaveDuplicates().contains(late.id());
  }

  /** faults B5: whoever looks for records to remove or rename and finds none disturbs nobody. */
  @Test
  final void aCountGoesOnWhereNothingIsRemovedMeanwhile() {
    UsageBackend other = another();
    Instant horizon = Instant.parse("2026-01-01T00:00:00Z");
    Usage kept = aCall().by("alice").usage();
    record(kept);
    Retention retention = other.maintenance().retention();
    PlainSeed seed =
        PlainSeed.countingFrom(ALL)
            .meanwhile(
                () -> {
                  retention.removeUsage(
                      new PurgeSlice(horizon, UsageFilter.all(), null, 9), new PlainCarrier());
                  other
                      .maintenance()
                      .renaming()
                      .renameRecords(
                          new NameChange("bob", "nobody", text -> text, text -> text), null, 9);
                });

    backend().limits().save(limit("a"), seed);

    assertThat(seed.recounts).isEqualTo(1);
    assertThat(ids(seed)).containsExactly(kept.id());
  }

  private static void correct(UsageBackend backend, UUID id, String dollars) {
    LedgerBatch batch =
        new LedgerBatch(
            backend.limits().revision(), new TreeSet<>(), Set.of(), Set.of(), Set.of(id));
    transact(
        backend,
        batch,
        view -> {
          Adjustment adjustment =
              Adjustment.ofCost(
                  Objects.requireNonNull(view.records().get(id), "the record"),
                  new PricedCost(Cost.usd(dollars), "price of " + dollars));
          return new LedgerWrites(Map.of(), List.of(), List.of(), List.of(), List.of(adjustment));
        });
  }

  private static List<UUID> ids(PlainSeed seed) {
    return seed.accepted.stream().map(one -> one.usage().id()).toList();
  }

  private static Limit limit(String name) {
    return Limit.named(name).requests(9_999).lifetime();
  }
}
