package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerClockIT {
  private static final CallRequest CALL =
      CallRequest.to("gpt-5-mini").inputTokens(1).maxOutputTokens(1);

  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void decidesForServicesWhoseOwnClocksAreMinutesApart() {
    Instant now = serverNow();
    try (LlmAccounting slow = accounting(now.minus(Duration.ofMinutes(4)));
        LlmAccounting fast = accounting(now.plus(Duration.ofMinutes(4)))) {
      slow.limits().save(Limit.named("two").requests(2).rolling(Duration.ofMinutes(2)));
      slow.begin(CALL).close();
      fast.begin(CALL).close();

      assertThat(slow.quotas().check(CALL)).isDenied();
      assertThat(fast.quotas().check(CALL)).isDenied();
    }
  }

  @Test
  void stampsWhatQuotasChargeAndNotWhenACallWasMade() {
    Instant now = serverNow();
    Instant ahead = now.plus(Duration.ofMinutes(4));
    try (LlmAccounting fast = accounting(ahead)) {
      fast.begin(CALL).close();

      RecordedUsage recorded = fast.tail().get(0);

      assertThat(recorded.usage().occurredAt()).isEqualTo(ahead);
      assertThat(recorded.chargedAt()).isBetween(now, serverNow());
    }
  }

  private LlmAccounting accounting(Instant caller) {
    InstantSource clock = InstantSource.fixed(caller);
    return LlmAccounting.builder(schema.open()).clock(clock).build();
  }

  private Instant serverNow() {
    String micros =
        schema
            .server()
            .rows("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
            .get(0)
            .get(0);
    return io.llmaccounting.sql.Micros.instant(Long.parseLong(micros));
  }
}
