package io.llmaccounting.sqlite.crash;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWhileHoldingTest {
  private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
  private static final CallRequest CALL = CallRequest.to("gpt-5-mini").user("alice");

  @TempDir Path folder;

  @Test
  void itsHoldStopsCountingAtItsExpiryAndALateSettleStillBooks() throws Exception {
    Path file = folder.resolve("usage.db");
    ManualClock clock = ManualClock.at(START);
    try (SqliteBackend backend = SqliteBackend.open(file, SqliteSettings.defaults().clock(clock));
        LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      accounting
          .limits()
          .save(Limit.named("one at a time").user("alice").requests(1).rolling(Duration.ofDays(1)));
      UUID hold = heldByAProcessThatWasKilled(file);

      clock.advance(Duration.ofSeconds(30));
      Decision before = accounting.quotas().check(CALL);

      assertThat(before).isDenied().byLimit("one at a time").held(1);
      Instant expiry = START.plus(Duration.ofMinutes(10));
      assertThat(((Decision.Denied) before).fitsAt()).contains(expiry);
      clock.set(expiry.minusNanos(1_000));
      assertThat(accounting.quotas().check(CALL)).isDenied();
      clock.set(expiry);
      assertThat(accounting.quotas().check(CALL)).isAdmitted();

      Receipt receipt = accounting.quotas().hold(hold).settle(record(hold));

      assertThat(receipt).isRecorded();
      assertThat(backend.usage().find(hold).orElseThrow().late()).isTrue();
      assertThat(accounting.quotas().check(CALL)).isDenied().byLimit("one at a time").used(1);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  private static UUID heldByAProcessThatWasKilled(Path file) throws Exception {
    try (ChildProcess child =
        ChildProcess.of(HoldingMain.class, file.toString(), START.toString())) {
      UUID hold = UUID.fromString(child.line());
      child.kill();
      return hold;
    }
  }

  private static Usage record(UUID hold) {
    return new UsageBuilder(START, at -> hold)
        .id(hold)
        .model("gpt-5-mini")
        .user("alice")
        .inputTokens(5)
        .outputTokens(5)
        .build();
  }
}
