package io.llmaccounting.sqlite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyProcessesTest {
  private static final int PROCESSES = Integer.getInteger("llm.accounting.test.processes", 2);
  private static final String ATTEMPTS = "200";

  @TempDir Path folder;

  /** Scenario 33: the part with several processes. */
  @Test
  void admitExactlyAsManyCallsAsALimitOnRequestsAllows() throws Exception {
    assertThat(admitted(Limit.named("r").user("alice").requests(100).rolling(Duration.ofDays(1))))
        .isEqualTo(100);
  }

  @Test
  void admitExactlyWhatALimitOnCostAllows() throws Exception {
    Limit limit = Limit.named("c").user("alice").cost(Cost.usd("5.00")).rolling(Duration.ofDays(1));

    assertThat(admitted(limit)).isEqualTo(50);
  }

  /** reading new capabilities: calls under way are counted over processes, and outlive them. */
  @Test
  void haveExactlyAsManyCallsUnderWayAsALimitOnThemAllows() throws Exception {
    CallRequest call = CallRequest.to("gpt-5-mini").user("alice");
    try (LlmAccounting accounting =
        LlmAccounting.create(SqliteBackend.open(folder.resolve("usage.db")))) {
      accounting.limits().save(Limit.named("at once").user("alice").concurrentCalls(9));

      assertThat(spend(folder.resolve("usage.db"), "keep")).isEqualTo(9);

      assertThat(accounting.limits().status("at once").get(0).held()).isEqualTo(9);
      assertThat(accounting.quotas().check(call).isAdmitted()).isFalse();
      assertThat(accounting.admin().verify().differences()).isEmpty();
      accounting.quotas().hold(accounting.admin().openHolds().get(0).id()).release();
      assertThat(accounting.quotas().check(call).isAdmitted()).isTrue();
    }
  }

  private int admitted(Limit limit) throws Exception {
    Path file = folder.resolve("usage.db");
    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      accounting.limits().save(limit);

      int admitted = spend(file);

      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(admitted);
      assertThat(accounting.admin().verify().differences()).isEmpty();
      return admitted;
    }
  }

  private static int spend(Path file, String... more) throws Exception {
    List<ChildProcess> children = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        List<String> arguments = new ArrayList<>(List.of(file.toString(), "alice", ATTEMPTS));
        arguments.addAll(List.of(more));
        children.add(ChildProcess.of(SpendingMain.class, arguments.toArray(String[]::new)));
      }
      for (ChildProcess child : children) {
        assertThat(child.line()).isEqualTo("ready");
      }
      for (ChildProcess child : children) {
        child.go();
      }
      int admitted = 0;
      for (ChildProcess child : children) {
        admitted += Integer.parseInt(child.rest().get(0));
      }
      return admitted;
    } finally {
      children.forEach(ChildProcess::close);
    }
  }
}
