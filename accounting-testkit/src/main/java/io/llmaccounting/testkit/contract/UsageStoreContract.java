package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageId;
import io.llmaccounting.usage.UsageQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Reading usage: by id, by key, the latest, and all of a period. */
public abstract class UsageStoreContract extends BackendContract {
  private static final Instant START = ManualClock.START;

  @Test
  final void findsARecordByItsId() {
    Usage usage = aCall().usage();
    record(aCall().usage(), usage, aCall().usage());

    assertThat(backend().usage().find(usage.id()).map(RecordedUsage::usage)).contains(usage);
  }

  @Test
  final void findsNothingUnderAnUnknownId() {
    record(aCall().usage());

    assertThat(backend().usage().find(aCall().usage().id())).isEmpty();
    assertThat(backend().usage().findByKey(null, "unknown")).isEmpty();
  }

  @Test
  final void findsAKeyInItsProjectOnly() {
    Usage ofNobody = aCall().key("k").usage();
    Usage ofSearch = aCall().key("k").in("search").usage();
    record(ofNobody, ofSearch, aCall().in("chat").usage());

    assertThat(backend().usage().findByKey(null, "k").map(RecordedUsage::usage)).contains(ofNobody);
    assertThat(backend().usage().findByKey("search", "k").map(RecordedUsage::usage))
        .contains(ofSearch);
    assertThat(backend().usage().findByKey("chat", "k")).isEmpty();
    assertThat(backend().usage().findByKey("search", "K")).isEmpty();
  }

  /** Scenario 41. */
  @Test
  final void latestAreStrictlyNewestFirst() {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(aCall().at(START.plus(Duration.ofMinutes(i * 7 % 30))).usage());
    }
    record(calls.toArray(Usage[]::new));

    calls.sort(Comparator.comparing(Usage::occurredAt).reversed());
    assertThat(latest(UsageFilter.all(), 10)).isEqualTo(calls.subList(0, 10));
  }

  /** Scenario 41: within a millisecond the microseconds decide, and the id only where those tie. */
  @Test
  final void latestOfOneMillisecondAreOrderedByMicrosecondAndThenById() {
    Usage tied = call("00000000-0000-7000-8000-0000000000ff", START.plusNanos(5_000));
    Usage newest = call("00000000-0000-7000-8000-000000000001", START.plusNanos(7_000));
    Usage tiedLater = call("00000000-0000-7fff-bfff-ffffffffffff", START.plusNanos(5_000));
    record(tied, newest, tiedLater);

    assertThat(latest(UsageFilter.all(), 3)).containsExactly(newest, tiedLater, tied);
  }

  @Test
  final void latestObeysItsFilterAndCount() {
    Usage first = aCall().by("alice").at(START).usage();
    Usage second = aCall().by("alice").at(START.plusSeconds(2)).usage();
    record(first, second, aCall().by("bob").at(START.plusSeconds(3)).usage());

    assertThat(latest(UsageFilter.all().user("alice"), 10)).containsExactly(second, first);
    assertThat(latest(UsageFilter.all().user("alice"), 1)).containsExactly(second);
    assertThat(latest(UsageFilter.all().user("carol"), 1)).isEmpty();
  }

  @Test
  final void pagesOfLatestHaveEveryRecordOnceAlsoWithinAMillisecond() {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      calls.add(
          aCall().by(i % 2 == 0 ? "alice" : "bob").at(START.plusNanos(i / 7 * 1_000L)).usage());
    }
    record(calls.toArray(Usage[]::new));
    UsageQuery query =
        UsageQuery.latest(11)
            .only(UsageFilter.all().user("alice"))
            .in(new TimeRange(START.plusNanos(2_000), START.plusNanos(30_000)));
    List<Usage> read = new ArrayList<>();
    List<RecordedUsage> page = backend().usage().latest(query);
    while (!page.isEmpty()) {
      page.forEach(record -> read.add(record.usage()));
      RecordedUsage last = page.get(page.size() - 1);
      page = backend().usage().latest(query.before(UsageQuery.Position.of(last)));
    }

    assertThat(read)
        .isEqualTo(
            calls.stream()
                .filter(call -> "alice".equals(call.attribution().user()))
                .filter(call -> query.period().contains(call.occurredAt()))
                .sorted(Comparator.comparing(Usage::occurredAt).thenComparing(Usage::id).reversed())
                .toList())
        .hasSizeGreaterThan(50);
    assertThat(
            backend()
                .usage()
                .latest(query.before(new UsageQuery.Position(START, calls.get(0).id()))))
        .isEmpty();
  }

  @Test
  final void scanTakesItsStartAndLeavesItsEndToTheMicrosecond() {
    Instant from = START.plusNanos(500_000);
    Instant to = START.plusNanos(1_700_000);
    Usage first = aCall().at(from).usage();
    Usage last = aCall().at(to.minusNanos(1_000)).usage();
    record(aCall().at(from.minusNanos(1_000)).usage(), first, last, aCall().at(to).usage());

    assertThat(scan(new TimeRange(from, to), UsageFilter.all())).containsExactly(first, last);
  }

  @Test
  final void scanHandsOverEveryRecordInOrderOfId() {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      calls.add(aCall().at(START.plus(Duration.ofSeconds(i * 997L % 2_500))).usage());
    }
    for (int i = 0; i < calls.size(); i += 500) {
      record(backend(), calls.subList(i, i + 500));
    }

    calls.sort(Comparator.comparing(Usage::id));
    assertThat(scan(TimeRange.always(), UsageFilter.all())).isEqualTo(calls);
  }

  @Test
  final void scanDoesNotSeeWhatIsRecordedMeanwhile() {
    record(aCall().at(START).usage(), aCall().at(START.plusSeconds(1)).usage());
    List<Usage> seen = new ArrayList<>();

    backend()
        .usage()
        .scan(
            TimeRange.always(),
            UsageFilter.all(),
            read -> {
              seen.add(read.usage());
              record(aCall().at(START.plusSeconds(60 + seen.size())).usage());
            });

    assertThat(seen).hasSize(2);
    assertThat(scan(TimeRange.always(), UsageFilter.all())).hasSize(4);
  }

  @Test
  final void aScanThatItsReaderBreaksOffLeavesTheBackendUsable() {
    record(aCall().usage(), aCall().usage());
    IllegalStateException enough = new IllegalStateException("enough");

    for (int i = 0; i < 20; i++) {
      assertThat(
              catchThrowable(
                  () ->
                      backend()
                          .usage()
                          .scan(
                              TimeRange.always(),
                              UsageFilter.all(),
                              read -> {
                                throw enough;
                              })))
          .isSameAs(enough);
    }

    assertThat(scan(TimeRange.always(), UsageFilter.all())).hasSize(2);
  }

  @Test
  final void tellsPricedFromUnpricedAndFree() {
    Usage unpriced = aCall().usage();
    Usage free = aCall().cost(Cost.ZERO).usage();
    record(unpriced, free);

    assertThat(latest(UsageFilter.all().unpriced(), 9)).containsExactly(unpriced);
    assertThat(latest(new UsageFilter(UsageFilter.all().matches(), true), 9)).containsExactly(free);
  }

  /** faults C2. */
  @Test
  final void aScanHandsOverEachRecordOnceWhateverComesMeanwhile() {
    List<Usage> there = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      there.add(aCall().at(Instant.EPOCH.plusMillis(i)).usage());
    }
    record(there.toArray(Usage[]::new));
    List<Usage> read = new ArrayList<>();

    backend()
        .usage()
        .scan(
            TimeRange.always(),
            UsageFilter.all(),
            one -> {
              if (read.size() % 1_000 == 0) {
                record(aCall().at(Instant.EPOCH.plusMillis(read.size())).usage());
              }
              read.add(one.usage());
            });

    Set<Usage> each = new HashSet<>(read);
    assertThat(each).hasSameSizeAs(read);
    assertThat(each.containsAll(there)).as("every record that was there is read").isTrue();
    assertThat(read).isSortedAccordingTo(java.util.Comparator.comparing(Usage::id));
  }

  @Test
  final void isCompleteFromTheStartWhereNothingWasPurged() {
    record(aCall().usage());

    assertThat(backend().usage().completeFrom()).isEqualTo(Instant.EPOCH);
  }

  private List<Usage> latest(UsageFilter filter, int count) {
    return backend().usage().latest(UsageQuery.latest(count).only(filter)).stream()
        .map(RecordedUsage::usage)
        .toList();
  }

  private List<Usage> scan(TimeRange period, UsageFilter filter) {
    List<Usage> read = new ArrayList<>();
    backend().usage().scan(period, filter, record -> read.add(record.usage()));
    return read;
  }

  /** A call whose id has the given last 80 bits. */
  private static Usage call(String bits, Instant at) {
    UUID lowest = UsageId.floor(at);
    UUID rest = UUID.fromString(bits);
    UUID id =
        new UUID(
            lowest.getMostSignificantBits() | rest.getMostSignificantBits(),
            rest.getLeastSignificantBits());
    return aCall().id(id).at(at).usage();
  }
}
