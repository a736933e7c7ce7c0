package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** faults G9: names from outside are told apart as far as a bound; sums stay exact beyond it. */
public abstract class ManyNamesContract extends NamesContract {
  @Test
  final void aHundredThousandNamesAreToldApartUnlessSaidOtherwise() {
    assertThat(backend().maintenance().names().most()).isEqualTo(100_000);

    bound(7);

    assertThat(reopen().maintenance().names().most()).isEqualTo(7);
    assertThat(catchThrowable(() -> bound(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("names per day must be at least 1, was 0");
  }

  @Test
  final void namesBeyondTheBoundAreAddedUpTogetherAndRecordsKeepTheirs() {
    bound(5);
    recordUsers(1, 8);

    assertThat(callsByUser())
        .containsExactly(
            entry("(other)", 3L),
            entry("user-1", 1L),
            entry("user-2", 1L),
            entry("user-3", 1L),
            entry("user-4", 1L),
            entry("user-5", 1L));
    assertThat(users()).containsExactly(names(1, 8));
    requireAgreement();
  }

  @Test
  final void theStoreSaysWhichRecordsAreAmongTheOthers() {
    bound(2);
    Usage first = call("user-1");
    assertThat(record(first).others()).isEmpty();
    recordUsers(2, 2);
    Usage third = call("user-3");

    assertThat(record(third, call("user-1")).others())
        .isEqualTo(Map.of(third.id(), Set.of(Dimension.USER)));
    assertThat(record(third).others()).isEmpty();
  }

  @Test
  final void everyDimensionHasItsOwnBound() {
    bound(3);
    for (int i = 1; i <= 6; i++) {
      record(
          aCall()
              .in("project-" + i)
              .on("model-" + i)
              .by("user-" + i % 2)
              .caller("caller-" + i)
              .provider("provider-" + i)
              .usage());
    }

    for (Dimension dimension : BOUNDED) {
      assertThat(calls(dimension))
          .hasSize(dimension.equals(Dimension.USER) ? 2 : 4)
          .hasEntrySatisfying(
              dimension.equals(Dimension.USER) ? "user-0" : "(other)",
              calls -> assertThat(calls).isEqualTo(3));
    }
    requireAgreement();
  }

  @Test
  final void everyDayBeginsAnew() {
    bound(2);
    recordUsers(1, 4);
    Usage tomorrow = aCall().by("user-4").at(START.plus(DAY)).usage();
    clock.advance(DAY);

    assertThat(record(tomorrow).others()).isEmpty();
    assertThat(callsByUser()).containsEntry("user-4", 1L).containsEntry("(other)", 2L);
    requireAgreement();
  }

  @Test
  final void namesThatWereKnownInTimeGoOnUnderTheirOwn() {
    bound(2);
    recordUsers(1, 3);
    recordUsers(1, 3);
    reopen();
    recordUsers(1, 3);

    assertThat(callsByUser())
        .containsExactly(entry("(other)", 3L), entry("user-1", 3L), entry("user-2", 3L));
    requireAgreement();
  }

  @Test
  final void whatOneInstanceFoundFullIsFullForAll() {
    UsageBackend other = another();
    bound(3);
    recordUsers(1, 2);
    record(other, List.of(call("user-3")));
    record(other, List.of(call("user-4")));

    assertThat(record(call("user-4")).others()).hasSize(1);
    assertThat(callsByUser()).hasSize(4).containsEntry("(other)", 2L);
    requireAgreement();
  }

  @Test
  final void aReportForANameThatIsNotToldApartReadsItsRecords() {
    bound(2);
    recordUsers(1, 4);

    assertThat(callsOf(UsageFilter.all().user("user-4"))).containsExactly(entry("user-4", 1L));
    assertThat(callsOf(UsageFilter.all().user("user-2"))).containsExactly(entry("user-2", 1L));
    assertThat(callsOf(UsageFilter.all().user("nobody"))).isEmpty();
    assertThat(callsOf(UsageFilter.all().user("(other)"))).containsExactly(entry("(other)", 2L));
    assertThat(callsOf(UsageFilter.all().with(Dimension.USER, Match.prefix("user-"))))
        .containsOnlyKeys("user-1", "user-2", "user-3", "user-4");
    assertThat(callsOf(UsageFilter.all().with(Dimension.USER, Match.absent()))).isEmpty();
  }

  @Test
  final void aReportOverFullAndOtherDaysCountsEachCallOnce() {
    bound(2);
    recordUsers(1, 4);
    clock.advance(DAY.multipliedBy(2));
    for (int day = 1; day <= 2; day++) {
      record(aCall().by("user-4").at(START.plus(DAY.multipliedBy(day))).usage());
    }

    assertThat(callsOf(UsageFilter.all().user("user-4"))).containsExactly(entry("user-4", 3L));
    assertThat(callsByUser()).containsEntry("user-4", 2L).containsEntry("(other)", 2L);
  }

  @Test
  final void fullDaysThatFollowOneAnotherAndThoseBetweenAreReadOnce() {
    bound(2);
    for (int day : List.of(0, 1, 3, 4, 7)) {
      for (int user = 1; user <= 4; user++) {
        record(aCall().by("user-" + user).at(START.plus(DAY.multipliedBy(day))).usage());
      }
    }
    record(aCall().by("user-4").at(START.plus(DAY.multipliedBy(2))).usage());
    record(aCall().by("user-4").at(START.plus(DAY.multipliedBy(9))).usage());
    TimeRange days =
        new TimeRange(START.plus(Duration.ofHours(1)), START.plus(DAY.multipliedBy(8)));

    assertThat(callsOf(UsageFilter.all().user("user-4"))).containsExactly(entry("user-4", 7L));
    assertThat(calls(days, UsageFilter.all().user("user-4"), Dimension.USER))
        .containsExactly(entry("user-4", 5L));
    assertThat(calls(days, UsageFilter.all().user("user-1"), Dimension.USER))
        .containsExactly(entry("user-1", 4L));
  }

  @Test
  final void endsOfAPeriodInsideAQuarterHourShowTheSameNames() {
    bound(2);
    recordUsers(1, 4);
    TimeRange ragged = new TimeRange(START.minusSeconds(7), START.plusSeconds(7));

    assertThat(calls(ragged, UsageFilter.all(), Dimension.USER))
        .containsExactly(entry("(other)", 2L), entry("user-1", 1L), entry("user-2", 1L));
    assertThat(calls(ragged, UsageFilter.all().user("(other)"), Dimension.USER))
        .containsExactly(entry("(other)", 2L));
    assertThat(calls(ragged, UsageFilter.all().user("user-3"), Dimension.USER))
        .containsExactly(entry("user-3", 1L));
  }

  @Test
  final void manyThreadsOfTwoInstancesExceedTheBoundByLittle() {
    bound(20);
    List<UsageBackend> instances = List.of(backend(), another());

    ParallelRun.of(
        4,
        thread ->
            () -> {
              for (int i = 0; i < 40; i++) {
                record(instances.get(thread % 2), List.of(call("user-" + thread + "-" + i)));
              }
              return true;
            });

    Map<String, Long> calls = callsByUser();
    assertThat(calls.size() - 1).isBetween(20, 28);
    assertThat(calls.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(160);
    requireAgreement();
  }
}
