package io.llmaccounting.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that starts while its PostgreSQL is down. */
class LateStartIT {
  private static final KnownCalls CALLS = new KnownCalls(8, 200);

  @TempDir Path folder;

  @Test
  void keepsWhatItRecordsAndMakesTheTablesOnceTheServerIsThere() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.quick()) {
      ProofStore store = new ProofStore(server.url(), "late", folder, ProofStore.Mode.IN_OUTAGES);
      server.stop(EmbeddedServer.Stop.FAST);
      try (LlmAccounting accounting = store.accounting().build()) {
        Set<UUID> acknowledged = new HashSet<>();
        for (int i = 0; i < CALLS.count(); i++) {
          Receipt receipt = accounting.track(CALLS.call(i));
          assertThat(receipt.status()).isEqualTo(Receipt.Status.SPOOLED);
          acknowledged.add(receipt.id());
        }
        assertThat(accounting.health().store().breaker()).isNotEqualTo(Health.Breaker.CLOSED);
        assertThatThrownBy(() -> accounting.begin(CallRequest.to("gpt-5-mini")))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("limits are unknown");

        server.start();

        Drained.wait(accounting);
        assertThat(Books.ids(store)).isEqualTo(acknowledged);
        accounting.begin(CallRequest.to("gpt-5-mini")).cancelled();
      }
    }
  }
}
