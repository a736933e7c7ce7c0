package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whoever makes names up makes a store grow as far as it was said, and no sum is wrong for it. */
public class ManyNamesAcceptance extends AcceptanceTest {
  private static final int BATCH = 50;

  @Test
  @DisplayName("faults G9: names from outside make rollups grow as far as a bound")
  final void randomUsersMakeRollupsGrowAsFarAsTheBound() {
    Random random = new Random(9);
    accounting().admin().namesPerDay(100);
    save(Limit.named("each").eachUser().requests(1).rolling(Duration.ofSeconds(1)));
    int calls = 0;
    for (int i = 0; i < 40; i++) {
      List<Usage> some = new ArrayList<>();
      for (int j = 0; j < BATCH; j++) {
        some.add(
            aCall()
                .by(Long.toHexString(random.nextLong()))
                .costing("0.01")
                .at(clock.instant())
                .usage());
      }
      accounting().trackAll(some);
      calls += BATCH;
      clock.advance(Duration.ofMinutes(10));
    }

    UsageReport report = accounting().report(TimeRange.always()).by(Dimension.USER).run();
    long named = report.rows().size() - 1;
    assertThat(named).isBetween(100L, 100L + BATCH);
    assertThat(report.total().calls()).isEqualTo(calls);
    assertThat(report.total().cost()).isEqualTo(Cost.usd("20"));
    assertThat(callsOf(report, ReportRow.OTHERS)).isEqualTo(calls - named);
    assertThat(accounting().health().counts().inOthers()).isEqualTo(calls - named);
    // counters go a day after the last has left their window, and none is shared
    assertThat(countersLeft()).isEqualTo(calls);
    clock.advance(Duration.ofDays(2));
    track(120, aCall().by("busy").costing("0.01"));
    assertThat(countersLeft()).isLessThan(4 * BATCH);
  }

  @Test
  @DisplayName("faults G9: a limit for each user is exact, however many names there are")
  final void limitsOfUsersWhoAreNotToldApartAreExact() {
    accounting().admin().namesPerDay(1);
    save(Limit.named("each").eachUser().requests(2).lifetime());
    for (String user : List.of("a", "b", "c")) {
      settle(hold(aCall().by(user)), aCall().by(user));
      settle(hold(aCall().by(user)), aCall().by(user));
      assertThat(reserve(aCall().by(user)).decision()).isDenied();
    }

    assertThat(used("each", aCall().by("c"))).isEqualTo(2);
    assertThat(reserve(aCall().by("d")).decision()).isAdmitted();
  }

  @Test
  final void betterFiguresArriveWhereTheirRecordWent() {
    accounting().admin().namesPerDay(1);
    track(aCall().by("alice").costing("1"));
    Receipt partial =
        track(aCall().key("k").by("bob").tokens(TokenUsage.of(5, 1)).source(TokenSource.PARTIAL));
    accounting()
        .track(
            aCall()
                .id(partial.id())
                .key("k")
                .by("bob")
                .tokens(TokenUsage.of(5, 9))
                .at(clock.instant())
                .usage());

    UsageReport report = accounting().report(TimeRange.always()).by(Dimension.USER).run();
    assertThat(report.rows()).hasSize(2);
    assertThat(report.rows().get(0).values()).containsExactly(ReportRow.OTHERS);
    assertThat(report.rows().get(0).totals().tokens().output()).isEqualTo(9);
    assertThat(report.rows().get(0).totals().partial()).isZero();
  }

  @Test
  final void erasingAPersonLeavesNoNameOnAFullDay() {
    accounting().admin().namesPerDay(2);
    for (String user : List.of("alice", "bob", "carol", "dave")) {
      track(aCall().by(user).costing("1"));
    }

    String alice = accounting().admin().erase("alice").run().pseudonym();
    accounting().admin().erase("carol").run();

    UsageReport report = accounting().report(TimeRange.always()).by(Dimension.USER).run();
    assertThat(report.total().cost()).isEqualTo(Cost.usd("4"));
    assertThat(report.rows())
        .extracting(row -> row.values().get(0))
        .containsExactly("(other)", "bob");
    assertThat(callsBy(alice)).isEqualTo(1);
    assertThat(callsBy("carol")).isZero();
  }

  @Test
  final void aChangedBoundIsAudited() {
    accounting().admin().namesPerDay(7);

    try (LlmAccounting other = another()) {
      assertThat(other.admin().namesPerDay()).isEqualTo(7);
      assertThat(other.audit().find(AuditQuery.latest(9)))
          .extracting(AuditEntry::attributes)
          .anySatisfy(about -> assertThat(about).containsEntry("most", "7"));
    }
  }

  private long callsBy(String user) {
    return accounting()
        .report(TimeRange.always())
        .only(UsageFilter.all().user(user))
        .run()
        .total()
        .calls();
  }

  private static long callsOf(UsageReport report, String user) {
    return report.rows().stream()
        .filter(row -> user.equals(row.values().get(0)))
        .mapToLong(row -> row.totals().calls())
        .sum();
  }

  private int countersLeft() {
    return backend().maintenance().inspect(view -> view.counters().size());
  }
}
