package io.llmaccounting.postgres;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.InMemorySpool;
import io.llmaccounting.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections that lead to a server that can only be read, as after a failover. */
class FailoverIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();
  private final String role = schema.name() + "_moving";

  @BeforeEach
  void createRole() {
    schema.run(
        "CREATE ROLE %s LOGIN PASSWORD 'moving'; GRANT USAGE ON SCHEMA %s TO %s"
            .formatted(role, schema.name(), role));
    schema.run("GRANT ALL ON ALL TABLES IN SCHEMA %s TO %s".formatted(schema.name(), role));
    schema.open().close(); // says how it is sharded, for good
    readOnly(true);
  }

  // what new connections can do; those that are there stay as they are
  private void readOnly(boolean only) {
    schema.run("ALTER ROLE %s SET default_transaction_read_only = %s".formatted(role, only));
  }

  @AfterEach
  void dropRole() {
    schema.run("DROP OWNED BY %s; DROP ROLE %s".formatted(role, role));
  }

  @Test
  void areGivenUpSoThatNewOnesReachTheServerThatTakesWrites() {
    PostgresBackend backend =
        PostgresBackend.connect(schema.server().url(), role, "moving", schema.settings());
    InMemorySpool spool = InMemorySpool.create(ManualClock.create());
    try (LlmAccounting accounting = LlmAccounting.builder(backend).spool(spool).build()) {
      assertThat(accounting.track(aCall().usage()).status()).isEqualTo(Receipt.Status.SPOOLED);
      Health.Store away = accounting.health().store();
      assertThat(away.breaker()).isNotEqualTo(Health.Breaker.CLOSED);
      assertThat(away.reason()).contains("connect to the server that takes writes (25006");

      readOnly(false);

      eventually("the call is booked", () -> accounting.health().isWell());
      assertThat(schema.rows("SELECT id FROM usage_event")).hasSize(1);
    }
  }
}
