package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.testing.Eventually;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Four virtual machines with eight threads each that lease one limit. */
class LeasingProcessesIT {
  private static final int PROCESSES = 4;
  private static final Cost CENT = Cost.usd("0.01");

  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void letInExactlyWhatTheMaximumAllows() throws Exception {
    int scale = Integer.getInteger("llm.accounting.test.leaseScale", 10);
    try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
      accounting.limits().save(budget(10_000 / scale));
      List<ChildProcess> children = start(5_000 / scale);
      int admitted = 0;
      try {
        for (ChildProcess child : children) {
          admitted += Integer.parseInt(child.rest().get(0));
        }
      } finally {
        children.forEach(ChildProcess::close);
      }

      assertThat(admitted).isEqualTo(10_000 / scale);
      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(admitted);
      assertThat(status(accounting).used()).isEqualTo(admitted * CENT.nanos());
      assertThat(status(accounting).held()).isZero();
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  /** What a process had leased is there for others a term after it was killed. */
  @Test
  void overshootNothingWhenOneIsKilledAndSpendItsSliceAfterwards() throws Exception {
    int times = Integer.getInteger("llm.accounting.test.leaseKills", 1);
    for (int i = 0; i < times; i++) {
      try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
        // a new one each time: it counts what the times before have spent
        accounting.limits().save(budget(100_000_000));
        killOne(accounting);
      }
    }
  }

  private void killOne(LlmAccounting accounting) throws Exception {
    List<ChildProcess> children = start(1_000_000);
    try {
      Eventually.eventually(
          "all have leases", () -> status(accounting).leased() > 0 && leases() == PROCESSES);
      children.get(0).kill();
      assertThat(overshoot(accounting)).isZero();
      long taken = status(accounting).used() + status(accounting).held();
      accounting.limits().save(budget(taken / CENT.nanos() + 500));
      Eventually.eventually(
          "all is used", () -> status(accounting).remaining().units() < CENT.nanos());
      assertThat(overshoot(accounting)).isZero();
      children.forEach(ChildProcess::close);
      Eventually.eventually(
          "leases of the dead have ended", () -> status(accounting).leased() == 0);
      spendTheRest(accounting);
      assertThat(overshoot(accounting)).isZero();
      assertThat(accounting.admin().verify().differences()).isEmpty();
    } finally {
      children.forEach(ChildProcess::close);
    }
  }

  private static void spendTheRest(LlmAccounting accounting) {
    long rest = status(accounting).remaining().units();
    if (rest > 0) {
      CallRequest last = CallRequest.to("gpt-5-mini").cost(Cost.ofNanos(rest));
      try (LlmCall call = accounting.begin(last)) {
        call.succeeded(TokenUsage.of(1, 1), Cost.ofNanos(rest));
      }
    }
    assertThat(status(accounting).remaining().units()).isZero();
  }

  private int leases() {
    return Integer.parseInt(
        schema.rows("SELECT count(*) FROM quota_hold WHERE model = '(lease)'").get(0).get(0));
  }

  private static long overshoot(LlmAccounting accounting) {
    LimitStatus status = status(accounting);
    return Math.max(0, status.used() + status.held() - status.limit().maximum());
  }

  private static LimitStatus status(LlmAccounting accounting) {
    return accounting.limits().status("budget").get(0);
  }

  private static Limit budget(long cents) {
    return Limit.named("budget")
        .cost(Cost.ofNanos(cents * CENT.nanos()))
        .lifetime()
        .leased(Duration.ofSeconds(1));
  }

  private List<ChildProcess> start(int attempts) throws Exception {
    List<ChildProcess> children = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      children.add(
          ChildProcess.of(
              LeasingMain.class,
              schema.server().url(),
              schema.server().user(),
              schema.server().password(),
              schema.name(),
              Integer.toString(attempts)));
    }
    for (ChildProcess child : children) {
      assertThat(child.line()).isEqualTo("ready");
    }
    for (ChildProcess child : children) {
      child.go();
    }
    return children;
  }
}
