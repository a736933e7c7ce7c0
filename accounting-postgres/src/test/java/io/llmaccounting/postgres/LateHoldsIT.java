package io.llmaccounting.postgres;

import static io.llmaccounting.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.RecordedUsage;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds that come while a transaction that takes them waits for the lock of another. */
class LateHoldsIT {
  private final ManualClock clock = ManualClock.create();

  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  @Timeout(60)
  void areReadBeforeTheyAreRemoved() throws Exception {
    UsageBackend backend = schema.open(clock);
    try (LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      accounting.limits().save(Limit.named("five").requests(5).rolling(Duration.ofHours(1)));
      accounting.quotas().reserve(CallRequest.to("m"));
      accounting.quotas().reserve(CallRequest.to("m"));
      List<HoldRecord> holds = backend.ledger().holds();
      schema.run(
          "CREATE TABLE aside AS SELECT * FROM quota_hold WHERE id = '" + id(holds, 0) + "'");
      schema.run("DELETE FROM quota_hold WHERE id = '" + id(holds, 0) + "'");

      Set<UUID> taken = takenWhileOneComes(backend, holds);

      assertThat(taken).containsExactlyInAnyOrder(id(holds, 0), id(holds, 1));
      assertThat(backend.ledger().holds()).isEmpty();
    }
  }

  private static UUID id(List<HoldRecord> holds, int index) {
    return holds.get(index).id();
  }

  private Set<UUID> takenWhileOneComes(UsageBackend backend, List<HoldRecord> holds)
      throws Exception {
    Set<CounterKey> counters =
        holds.stream()
            .flatMap(hold -> hold.amounts().stream())
            .map(amount -> amount.counter())
            .collect(Collectors.toSet());
    LedgerBatch batch =
        new LedgerBatch(
            backend.limits().revision(),
            new TreeSet<>(counters),
            Set.of(id(holds, 0), id(holds, 1)),
            Set.of());
    AtomicReference<Set<UUID>> seen = new AtomicReference<>(Set.of());
    CompletableFuture<Void> taking;
    try (Connection other = schema.server().connection();
        Statement statement = other.createStatement()) {
      other.setSchema(schema.name());
      other.setAutoCommit(false);
      statement.execute("SELECT 1 FROM quota_hold WHERE id = '" + id(holds, 1) + "' FOR UPDATE");
      taking = CompletableFuture.runAsync(() -> backend.ledger().transact(batch, seeing(seen)));
      String process = PostgresServer.rows(other, "SELECT pg_backend_pid()").get(0).get(0);
      eventually("the transaction waits for the lock", () -> isWaitedFor(process));
      schema.run("INSERT INTO quota_hold SELECT * FROM aside");
      other.commit();
    }
    taking.join();
    return seen.get();
  }

  private boolean isWaitedFor(String process) {
    return !schema
        .rows("SELECT 1 FROM pg_stat_activity WHERE " + process + " = ANY (pg_blocking_pids(pid))")
        .isEmpty();
  }

  private static Decider seeing(AtomicReference<Set<UUID>> seen) {
    return new Decider() {
      @Override
      public List<RecordedUsage> stamp(LedgerView view) {
        seen.set(Set.copyOf(view.holds().keySet()));
        return List.of();
      }

      @Override
      public LedgerWrites decide(LedgerView view, StoredRecords records) {
        return LedgerWrites.NONE;
      }
    };
  }
}
