package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Alerts, the audit log and reports, whether a limit is leased or not. */
public class LeasedNewsAcceptance extends AcceptanceTest {
  private static final Cost CENT = Cost.usd("0.01");
  private static final CallRequest CALL =
      CallRequest.to("m").user("alice").inputTokens(0).maxOutputTokens(0).cost(CENT);

  private final Queue<Alert> heard = new ConcurrentLinkedQueue<>();

  private static Limit dollar(String name) {
    return Limit.named(name).cost(Cost.usd("1")).lifetime().alertingAt(50, 80, 100);
  }

  private LlmAccounting listening() {
    return another(
        settings ->
            settings.listener(
                new AccountingListener() {
                  @Override
                  public void alerted(Alert alert) {
                    heard.add(alert);
                  }
                }));
  }

  /** Two processes spend all of it. */
  private void spend(List<LlmAccounting> both) {
    int refused = 0;
    for (int i = 0; i < 3_000 && refused < 120; i++) {
      try {
        both.get(i % 2).begin(CALL).succeeded(TokenUsage.of(1, 1), CENT);
        refused = 0;
      } catch (QuotaExceededException e) {
        refused++;
      }
      clock.advance(Duration.ofMillis(50));
    }
    both.forEach(LlmAccounting::close);
  }

  @Test
  final void eachThresholdOfALeasedLimitFiresOnceForAllProcesses() {
    save(dollar("budget").leased());

    spend(List.of(listening(), listening()));

    assertThat(heard).extracting(Alert::percent).containsExactlyInAnyOrder(50, 80, 100);
    assertThat(backend().ledger().alerts(true)).isEmpty();
    assertThat(backend().ledger().alerts(false))
        .extracting(Alert::percent)
        .containsExactlyInAnyOrder(50, 80, 100);
  }

  @Test
  final void theAuditLogAndReportsSayTheSameAsWithoutLeases() {
    save(dollar("budget").leased());
    spend(List.of(another(), another()));
    List<String> leased = told();
    List<ReportRow> rows = rows();
    try (StorageUnderTest elsewhere = underTest().create();
        LlmAccounting plain = at(elsewhere)) {
      plain.limits().save(dollar("budget"));
      spend(List.of(at(elsewhere), at(elsewhere)));

      assertThat(leased).isEqualTo(told(plain));
      assertThat(rows).isEqualTo(rows(plain));
    }
  }

  private LlmAccounting at(StorageUnderTest elsewhere) {
    return LlmAccounting.builder(elsewhere.open(clock)).clock(clock).expectedTokens(0, 0).build();
  }

  private List<String> told() {
    return told(accounting());
  }

  // denials are counted, and no two histories are denied equally often
  private static List<String> told(LlmAccounting accounting) {
    List<String> told = new ArrayList<>();
    for (AuditEntry entry : accounting.audit().find(AuditQuery.latest(1_000))) {
      told.add(entry.type() + " " + entry.actor() + " " + entry.outcome());
    }
    return told.stream().distinct().toList();
  }

  private List<ReportRow> rows() {
    return rows(accounting());
  }

  private static List<ReportRow> rows(LlmAccounting accounting) {
    return accounting.report(TimeRange.always()).by(Dimension.USER, Dimension.MODEL).run().rows();
  }
}
