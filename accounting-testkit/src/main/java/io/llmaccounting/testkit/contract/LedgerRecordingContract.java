package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Usage is booked exactly once, whoever repeats it, and in one piece or not at all. */
public abstract class LedgerRecordingContract extends BackendContract {

  @Test
  final void whatIsNewIsStoredAndReportedAsFresh() {
    Usage one = aCall().usage();
    Usage other = aCall().key("k").usage();

    StoredRecords stored = record(one, other);

    assertThat(stored.fresh()).containsExactlyInAnyOrder(one.id(), other.id());
    assertThat(stored.twins()).isEmpty();
    assertThat(totals().calls()).isEqualTo(2);
  }

  @Test
  final void aTransactionWithoutRecordsStoresNone() {
    StoredRecords stored = record();

    assertThat(stored.fresh()).isEmpty();
    assertThat(stored.twins()).isEmpty();
  }

  @Test
  final void theSameIdAgainChangesNothing() {
    Usage usage = aCall().costing("0.02").usage();
    record(usage);
    RecordedUsage first = backend().usage().find(usage.id()).orElseThrow();
    clock.advance(Duration.ofMinutes(1));

    StoredRecords again = record(usage);

    assertThat(again.fresh()).isEmpty();
    assertThat(again.twins()).isEqualTo(Map.of(usage.id(), first));
    assertThat(backend().usage().find(usage.id())).contains(first);
    assertThat(totals().cost()).isEqualTo(Cost.usd("0.02"));
  }

  @Test
  final void theSameKeyUnderAnotherIdChangesNothing() {
    Usage first = aCall().key("k").in("search").costing("0.02").usage();
    Usage again = aCall().key("k").in("search").costing("0.02").usage();
    record(first);

    Usage twin = twin(again);

    assertThat(twin).isEqualTo(first);
    assertThat(backend().usage().find(again.id())).isEmpty();
    assertThat(totals().cost()).isEqualTo(Cost.usd("0.02"));
  }

  @Test
  final void aKeyIsUniqueWithinItsProjectAndNoProjectIsOneOfThem() {
    record(aCall().key("k").usage(), aCall().key("k").in("search").usage());

    assertThat(record(aCall().key("k").in("chat").usage()).fresh()).hasSize(1);
    assertThat(record(aCall().key("K").usage()).fresh()).hasSize(1);
    assertThat(record(aCall().key("k").usage()).fresh()).isEmpty();
    assertThat(record(aCall().key("k").in("search").usage()).fresh()).isEmpty();
    assertThat(totals().calls()).isEqualTo(4);
  }

  @Test
  final void aConflictLeavesTheFirstCallReadable() {
    Usage first = aCall().key("k").by("alice").costing("1").usage();
    Usage sameId = aCall().id(first.id()).by("bob").costing("2").usage();
    Usage sameKey = aCall().key("k").by("bob").costing("3").usage();
    record(first);

    assertThat(twin(sameId)).isEqualTo(first);
    assertThat(twin(sameKey)).isEqualTo(first);
    assertThat(totals().cost()).isEqualTo(Cost.usd("1"));
  }

  @Test
  final void aCallThatClashesWithTwoOthersIsStoredUnderNeither() {
    Usage hasId = aCall().usage();
    Usage hasKey = aCall().key("k").usage();
    record(hasId, hasKey);

    Usage twin = twin(aCall().id(hasId.id()).key("k").usage());

    assertThat(twin).isIn(hasId, hasKey);
    assertThat(backend().usage().findByKey(null, "k").map(RecordedUsage::usage)).contains(hasKey);
    assertThat(totals().calls()).isEqualTo(2);
  }

  @Test
  final void aKeyThatIsNewUnderAnIdThatIsTakenStaysFree() {
    Usage hasId = aCall().usage();
    record(hasId);

    assertThat(twin(aCall().id(hasId.id()).key("k").usage())).isEqualTo(hasId);
    assertThat(record(aCall().key("k").usage()).fresh()).hasSize(1);
  }

  @Test
  final void aBatchMixesNewAndKnownRecords() {
    Usage known = aCall().usage();
    Usage knownKey = aCall().key("k").usage();
    record(known, knownKey);
    Usage fresh = aCall().usage();
    Usage keyAgain = aCall().key("k").usage();

    StoredRecords stored = record(keyAgain, fresh, known);

    assertThat(stored.fresh()).containsExactly(fresh.id());
    assertThat(stored.twins().keySet()).containsExactlyInAnyOrder(known.id(), keyAgain.id());
    assertThat(totals().calls()).isEqualTo(3);
  }

  @Test
  final void aLargeBatchIsStoredInWhateverOrder() {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 1_024; i++) {
      calls.add(
          aCall().in("p" + i % 3).key("key " + i).by("user" + i % 7).costing("0.001").usage());
    }
    Collections.shuffle(calls, new Random(1));

    assertThat(record(backend(), calls).fresh()).hasSize(1_024);
    assertThat(record(backend(), calls).twins()).hasSize(1_024);
    assertThat(totals().cost()).isEqualTo(Cost.usd("1.024"));
  }

  @Test
  final void theLedgerGoesByItsClock() {
    clock.set("2026-03-02T09:00:00.123456789Z");

    LedgerView view = transact(backend(), Set.of(), seen -> LedgerWrites.NONE);

    assertThat(view.now()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.MICROS));
    assertThat(backend().ledger().peek(Set.of()).now()).isEqualTo(view.now());
  }

  /** Scenario 34. */
  @Test
  final void manyThreadsStoreAllThatTheySayTheyStored() {
    UsageBackend backend = backend();

    List<Set<UUID>> fresh =
        ParallelRun.of(
            4,
            thread ->
                () -> {
                  Set<UUID> stored = new HashSet<>();
                  for (int i = 0; i < 50; i++) {
                    stored.addAll(record(backend, List.of(aCall().by("u" + i).usage())).fresh());
                  }
                  return stored;
                });

    assertThat(fresh.stream().flatMap(Set::stream).distinct()).hasSize(200);
    assertThat(totals().calls()).isEqualTo(200);
  }

  @Test
  final void manyThreadsOfTwoInstancesStoreTheSameCallsOnce() {
    List<UsageBackend> instances = List.of(backend(), another());
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      calls.add(aCall().key("key" + i).by("user" + i % 5).costing("0.1").usage());
    }

    List<Integer> fresh =
        ParallelRun.of(8, thread -> () -> recordShuffled(instances.get(thread % 2), calls, thread));

    assertThat(fresh.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
    assertThat(totals().calls()).isEqualTo(40);
    assertThat(totals().cost()).isEqualTo(Cost.usd("4"));
  }

  @Test
  final void manyThreadsOfTwoInstancesStoreAKeyOnceUnderWhateverId() {
    List<UsageBackend> instances = List.of(backend(), another());

    List<Integer> fresh =
        ParallelRun.of(
            8,
            thread ->
                () -> {
                  List<Usage> own = new ArrayList<>();
                  for (int i = 0; i < 20; i++) {
                    own.add(aCall().key("key" + i).usage());
                  }
                  return recordShuffled(instances.get(thread % 2), own, thread);
                });

    assertThat(fresh.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
    assertThat(totals().calls()).isEqualTo(20);
  }

  /** In small batches whose order differs from thread to thread. */
  private static int recordShuffled(UsageBackend backend, List<Usage> calls, long seed) {
    List<Usage> shuffled = new ArrayList<>(calls);
    Collections.shuffle(shuffled, new Random(seed));
    int fresh = 0;
    for (int i = 0; i < shuffled.size(); i += 5) {
      fresh += record(backend, shuffled.subList(i, i + 5)).fresh().size();
    }
    return fresh;
  }

  /** Repeats a call, which must change nothing, and returns the one that is there already. */
  private Usage twin(Usage again) {
    StoredRecords stored = record(again);
    assertThat(stored.fresh()).isEmpty();
    assertThat(stored.twins()).containsOnlyKeys(again.id());
    return Objects.requireNonNull(stored.twins().get(again.id())).usage();
  }

  private UsageTotals totals() {
    ReportQuery all =
        new ReportQuery(
            TimeRange.always(), UsageFilter.all(), List.of(), null, ZoneOffset.UTC, false);
    return backend().usage().report(all).stream()
        .map(ReportRow::totals)
        .reduce(UsageTotals.ZERO, UsageTotals::plus);
  }
}
