package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.testing.postgres.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SealingProcessesIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void twoProcessesOfFourThreadsSealTheirStreamsWithoutGaps() throws Exception {
    try (ChildProcess one = start();
        ChildProcess other = start()) {
      one.go();
      other.go();
      assertThat(one.rest()).hasSize(200);
      assertThat(other.rest()).hasSize(200);
    }

    try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
      assertThat(accounting.audit().verify().damages()).isEmpty();
      assertThat(accounting.audit().head().streams())
          .extracting(AuditHead.End::sequence)
          .containsExactly(200L, 200L);
    }
  }

  private ChildProcess start() throws Exception {
    PostgresServer server = schema.server();
    ChildProcess child =
        ChildProcess.of(
            SealingMain.class, server.url(), server.user(), server.password(), schema.name(), "50");
    assertThat(child.line()).isEqualTo("ready");
    return child;
  }
}
