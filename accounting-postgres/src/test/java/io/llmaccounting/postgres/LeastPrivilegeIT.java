package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The role that the documentation gives to services. */
class LeastPrivilegeIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();
  private final String role = "service_of_" + schema.name();
  private final PostgresServer service =
      new PostgresServer(schema.server().url(), role, "for-tests-only");

  @BeforeEach
  void create() throws Exception {
    String documented = DocumentedSql.of("run-on-postgresql.md").get(0);
    schema
        .server()
        .run(
            documented
                .replace("llm_accounting_service", role)
                .replace("llm_accounting", schema.name()),
            "ALTER ROLE " + role + " PASSWORD 'for-tests-only'");
  }

  @AfterEach
  void drop() {
    schema.server().run("DROP OWNED BY " + role, "DROP ROLE " + role);
  }

  @Test
  void runsTheLibrary() {
    ManualClock clock = ManualClock.create();
    try (PostgresBackend backend = TestSchema.connect(service, schema.settings().clock(clock));
        LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      accounting
          .limits()
          .save(Limit.named("l").eachUser().requests(5).rolling(Duration.ofHours(1)));
      accounting.limits().save(Limit.named("l").eachUser().requests(4).rolling(Duration.ofDays(1)));
      accounting.directory().add(DirectoryEntry.user("alice"));
      IssuedKey issued = accounting.access().issue(AccessTerms.named("ci"));
      assertThat(accounting.access().resolve(issued.secret()).valid()).isPresent();
      accounting.access().revoke(issued.key().id());
      try (LlmCall call = accounting.begin(CallRequest.to("m").user("alice"))) {
        call.succeeded(TokenUsage.of(1, 1), Cost.usd("0.01"));
      }
      accounting.track(aCall().key("k").usage());
      accounting.audit().event("did").write();
      accounting.track(aCall().usage());
      Pricing tenCents = call -> Optional.of(new PricedCost(Cost.usd("0.10"), "ten cents"));
      assertThat(accounting.admin().reprice(TimeRange.always()).by(tenCents).apply().changed())
          .isPositive();
      accounting.admin().rebuild();
      accounting.limits().delete("l");

      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(3);
      assertThat(accounting.audit().find(AuditQuery.latest(100))).isNotEmpty();
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE mine (id bigint)",
        "ALTER TABLE usage_event ADD COLUMN mine bigint",
        "DROP TABLE audit_entry",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET actor = 'somebody else'",
        "TRUNCATE audit_entry",
        "DELETE FROM usage_event",
        "UPDATE usage_event SET given_cost = 0"
      })
  void mayNotChangeTheSchemaNorRewriteHistory(String sql) throws SQLException {
    try (Connection connection = service.connection();
        Statement statement = connection.createStatement()) {
      connection.setSchema(schema.name());

      SQLException refusal = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));

      assertThat(refusal.getSQLState()).isEqualTo("42501");
    }
  }

  @Test
  void leavesPurgingToTheOwnersConnections() {
    ManualClock clock = ManualClock.create();
    PGSimpleDataSource owner = new PGSimpleDataSource();
    owner.setUrl(schema.server().url());
    owner.setUser(schema.server().user());
    owner.setPassword(schema.server().password());
    PostgresSettings settings = schema.settings().clock(clock);
    try (LlmAccounting alone =
        LlmAccounting.builder(TestSchema.connect(service, settings)).clock(clock).build()) {
      alone.limits().save(Limit.named("ever").requests(5).lifetime());
      alone.track(aCall().at(clock.instant().minus(Duration.ofDays(50))).usage());

      assertThatThrownBy(() -> alone.admin().purge(clock.instant()).run())
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("this role may not delete from usage_event");
      assertThat(alone.report(TimeRange.always()).run().isCutByPurge()).isFalse();
    }
    try (LlmAccounting helped =
        LlmAccounting.builder(TestSchema.connect(service, settings.owner(owner)))
            .clock(clock)
            .build()) {
      assertThat(helped.admin().purge(clock.instant()).run().removed(PurgeKind.USAGE)).isEqualTo(1);
      assertThat(helped.quotas().status(aCall().request()).get(0).used()).isEqualTo(1);
      assertThat(helped.admin().verify().differences()).isEmpty();
      helped.limits().save(Limit.named("ever").inputTokens(5).lifetime());
    }
  }

  @Test
  void leavesPartitionsToTheOwnersConnections() {
    PGSimpleDataSource owner = new PGSimpleDataSource();
    owner.setUrl(schema.server().url());
    owner.setUser(schema.server().user());
    owner.setPassword(schema.server().password());

    try (PostgresBackend alone = TestSchema.connect(service, schema.settings())) {
      assertThat(alone.partitions().months()).isEmpty();
    }
    try (PostgresBackend helped = TestSchema.connect(service, schema.settings().owner(owner))) {
      assertThat(helped.partitions().months()).hasSize(4);
    }
  }
}
