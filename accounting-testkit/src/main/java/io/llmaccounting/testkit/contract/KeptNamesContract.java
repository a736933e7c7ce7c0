package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** faults G9: where names beyond the bound are counted stays so, whatever becomes of records. */
public abstract class KeptNamesContract extends NamesContract {
  @Test
  final void correctionsGoWhereTheRecordWent() {
    bound(2);
    Usage known = call("user-1");
    record(known);
    recordUsers(2, 2);
    Usage folded = call("user-3");
    record(folded);

    price(backend(), known, "0.25");
    price(reopen(), folded, "0.5");

    assertThat(costsByUser())
        .containsEntry("(other)", Cost.usd("0.5"))
        .containsEntry("user-1", Cost.usd("0.25"));
    requireAgreement();
  }

  @Test
  final void aRaisedBoundReachesFullDaysOnceRollupsAreMadeAnew() {
    bound(2);
    recordUsers(1, 4);
    bound(3);
    recordUsers(5, 5);
    assertThat(callsByUser()).containsEntry("(other)", 3L);

    backend().maintenance().rebuildRollups();

    assertThat(callsByUser())
        .containsOnlyKeys("(other)", "user-1", "user-2", "user-3")
        .containsEntry("(other)", 2L);
    assertThat(record(call("user-6")).others()).hasSize(1);
    requireAgreement();
    bound(1_000);
    backend().maintenance().rebuildRollups();
    assertThat(callsByUser()).hasSize(6).doesNotContainKey("(other)");
    recordUsers(7, 7);
    requireAgreement();
  }

  @Test
  final void aLoweredBoundSetsInWithTheNextNewName() {
    recordUsers(1, 4);
    bound(2);
    recordUsers(5, 6);

    assertThat(callsByUser()).hasSize(6).containsEntry("(other)", 1L);
    backend().maintenance().rebuildRollups();
    assertThat(callsByUser())
        .containsExactly(entry("(other)", 4L), entry("user-1", 1L), entry("user-2", 1L));
    requireAgreement();
  }

  @Test
  final void sumsOfPurgedUsageStay() {
    bound(2);
    recordUsers(1, 4);
    purge(START.plus(DAY));

    assertThat(callsByUser())
        .containsExactly(entry("(other)", 2L), entry("user-1", 1L), entry("user-2", 1L));
    assertThat(callsOf(UsageFilter.all().user("user-4"))).isEmpty();
    requireAgreement();
    backend().maintenance().rebuildRollups();
    assertThat(callsByUser()).hasSize(3);
  }

  @Test
  final void namesGoWithTheirRollups() {
    bound(2);
    recordUsers(1, 4);
    removeWithRollups();

    assertThat(callsByUser()).isEmpty();
    reopen();
    recordOld(backend(), call("user-4"));
    assertThat(callsByUser()).containsExactly(entry("user-4", 1L));
  }

  @Test
  final void otherInstancesLearnThatADayIsNoLongerFull() {
    UsageBackend other = another();
    bound(2);
    recordUsers(1, 3);
    assertThat(record(other, List.of(call("user-4"))).others()).hasSize(1);
    removeWithRollups();

    recordOld(other, call("user-4"));

    assertThat(callsByUser()).containsExactly(entry("user-4", 1L));
  }

  private void removeWithRollups() {
    Instant tomorrow = START.plus(DAY).truncatedTo(java.time.temporal.ChronoUnit.DAYS);
    purge(tomorrow);
    Retention retention = backend().maintenance().retention();
    while (retention.remove(Retention.Leftover.ROLLUPS, tomorrow, 3) == 3) {
      assertThat(callsByUser()).isNotNull();
    }
  }

  private static void recordOld(UsageBackend backend, Usage usage) {
    PlainDecider decider = new PlainDecider(List.of(usage), view -> LedgerWrites.NONE);
    backend.ledger().transact(batch(backend), decider.storingOld());
  }

  @Test
  final void aUserWhoIsRenamedLeavesNoNameAndNoSumChanges() {
    bound(2);
    recordUsers(1, 4);
    rename("user-1", "pseudonym");
    rename("user-3", "another");

    assertThat(users()).contains("pseudonym", "another").doesNotContain("user-1", "user-3");
    assertThat(callsByUser()).doesNotContainKey("user-1");
    assertThat(callsByUser().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(4);
    assertThat(callsOf(UsageFilter.all().user("pseudonym")))
        .containsExactly(entry("pseudonym", 1L));
    requireAgreement();
    recordUsers(1, 1);
    requireAgreement();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  final void totalsByEveryDimensionAreThoseOfTheRecords(long seed) {
    Random random = new Random(seed);
    List<Usage> recorded = new ArrayList<>();
    Map<UUID, Cost> costs = new TreeMap<>();
    List<UsageBackend> instances = List.of(backend(), another());
    clock.advance(DAY.multipliedBy(3));
    for (int step = 0; step < 60; step++) {
      UsageBackend one = instances.get(random.nextInt(2));
      switch (random.nextInt(10)) {
        case 0 -> one.maintenance().names().change(1 + random.nextInt(8));
        case 1 -> one.maintenance().rebuildRollups();
        case 2 -> purge(START.plus(Duration.ofHours(random.nextInt(60))));
        case 3, 4 -> {
          if (!recorded.isEmpty()) {
            Usage priced = recorded.get(random.nextInt(recorded.size()));
            if (price(one, priced, "0." + (10 + step))) {
              costs.put(priced.id(), Cost.usd("0." + (10 + step)));
            }
          }
        }
        default -> {
          List<Usage> some = new ArrayList<>();
          for (int i = 0; i <= random.nextInt(4); i++) {
            some.add(anyCall(random));
          }
          recorded.addAll(some);
          record(one, some);
        }
      }
    }

    requireAgreement();
    UsageTotals all = totals(List.of());
    assertThat(all.calls()).isEqualTo(recorded.size());
    assertThat(all.cost()).isEqualTo(costs.values().stream().reduce(Cost.ZERO, Cost::plus));
    for (Dimension dimension : BOUNDED) {
      assertThat(totals(List.of(dimension))).isEqualTo(all);
    }
    assertThat(totals(BOUNDED)).isEqualTo(all);
  }

  private Usage anyCall(Random random) {
    Instant from = backend().usage().completeFrom();
    Instant at = START.plus(Duration.ofMinutes(random.nextInt(72 * 60)));
    return aCall()
        .at(at.isBefore(from) ? from : at)
        .in("project-" + random.nextInt(4))
        .on("model-" + random.nextInt(9))
        .by("user-" + random.nextInt(20))
        .caller(random.nextInt(3) == 0 ? null : "caller-" + random.nextInt(6))
        .usage();
  }

  private UsageTotals totals(List<Dimension> by) {
    return report(TimeRange.always(), UsageFilter.all(), by).stream()
        .map(ReportRow::totals)
        .reduce(UsageTotals.ZERO, UsageTotals::plus);
  }
}
