package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.retention.Purge;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an operator changes is in force although its audit entry cannot be written: the caller gets
 * its result, and the missing entry is told, logged and counted. Erasing a person is not among
 * them: it changes audit entries, and so refuses to begin where it cannot read them.
 */
class AuditAwayTest extends LoggedIncidents {
  private static final Instant JANUARY = Instant.parse("2026-01-05T10:00:00Z");

  /** Changes something and shows that it is in force. */
  private interface Act {
    void run(AuditAwayTest test);
  }

  static Stream<Named<Act>> acts() {
    return Stream.of(
        Named.of("a limit is saved", AuditAwayTest::saved),
        Named.of("limits are saved together", AuditAwayTest::savedTogether),
        Named.of("a limit is deleted", AuditAwayTest::deleted),
        Named.of("calls are priced again", AuditAwayTest::priced),
        Named.of("counters are rebuilt", AuditAwayTest::rebuilt),
        Named.of("old calls are purged", AuditAwayTest::purged),
        Named.of("records are restored", AuditAwayTest::restored));
  }

  @ParameterizedTest
  @MethodSource("acts")
  @DisplayName("faults C4: a change that is in force is no failure because its audit entry failed")
  void theChangeIsInForce(Act act) {
    startAuditing();
    accounting.limits().save(Limit.named("old").requests(1_000).lifetime());
    accounting.track(aCall().by("alice").at(JANUARY).usage());
    long contained = accounting.health().counts().contained();
    auditStore.breakDown();

    act.run(this);

    assertThat(accounting.health().counts().contained()).isEqualTo(contained + 1);
    assertThat(loud("is in force, but its audit entry was not written")).isEqualTo(1);
    assertThat(handled).hasSize(1);
    auditStore.recover();
  }

  private void saved() {
    Limit saved = accounting.limits().save(Limit.named("new").requests(5).lifetime());
    assertThat(accounting.limits().find("new")).contains(saved);
  }

  private void savedTogether() {
    accounting.limits().saveAll(List.of(Limit.named("new").requests(5).lifetime()));
    assertThat(accounting.limits().find("new")).isPresent();
  }

  private void deleted() {
    assertThat(accounting.limits().delete("old")).isTrue();
    assertThat(accounting.limits().find("old")).isEmpty();
  }

  private void priced() {
    assertThat(
            accounting
                .admin()
                .reprice(TimeRange.always())
                .by(call -> Optional.of(new PricedCost(Cost.usd("0.5"), "p")))
                .apply()
                .changed())
        .isEqualTo(1);
    assertThat(accounting.report(TimeRange.always()).run().total().cost())
        .isEqualTo(Cost.usd("0.5"));
  }

  private void rebuilt() {
    accounting.admin().rebuild();
    assertThat(accounting.admin().verify().isClean()).isTrue();
  }

  private void purged() {
    Purge purge = accounting.admin().purge(JANUARY.plus(Duration.ofDays(1))).evenIfCounted();
    assertThat(purge.run().removed(PurgeKind.USAGE)).isEqualTo(1);
    assertThat(storedIds()).isEmpty();
  }

  private void restored() {
    List<UsageHistory> records = new ArrayList<>();
    try (LlmAccounting other =
        LlmAccounting.builder(InMemoryBackend.create(clock)).clock(clock).build()) {
      other.track(aCall().usage());
      other.admin().transfer().records(TimeRange.always(), UsageFilter.all(), records::add);
    }
    assertThat(accounting.admin().transfer().restore(records.iterator()).added()).isEqualTo(1);
    assertThat(storedIds()).hasSize(2);
  }
}
