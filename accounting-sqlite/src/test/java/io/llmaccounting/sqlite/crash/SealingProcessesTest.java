package io.llmaccounting.sqlite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingProcessesTest {
  @TempDir Path folder;

  @Test
  void twoProcessesOfFourThreadsSealTheirStreamsWithoutGaps() throws Exception {
    Path file = folder.resolve("usage.db");
    try (ChildProcess one = start(file, "50");
        ChildProcess other = start(file, "50")) {
      one.go();
      other.go();
      assertThat(one.rest()).hasSize(200);
      assertThat(other.rest()).hasSize(200);
    }

    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      AuditVerification found = accounting.audit().verify();
      assertThat(found.damages()).isEmpty();
      assertThat(found.sealed()).isEqualTo(400);
      assertThat(accounting.audit().head().streams())
          .extracting(AuditHead.End::sequence)
          .containsExactly(200L, 200L);
    }
  }

  @Test
  void aKilledProcessLeavesAnIntactStreamWithAllThatItWasToldIsWritten() throws Exception {
    Path file = folder.resolve("usage.db");
    List<String> acknowledged = new ArrayList<>();
    try (ChildProcess victim = start(file, "100000")) {
      victim.go();
      while (acknowledged.size() < 100) {
        acknowledged.add(victim.line());
      }
      victim.kill();
    }

    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file));
        SqliteBackend backend = SqliteBackend.open(file)) {
      assertThat(accounting.audit().verify().damages()).isEmpty();
      assertThat(acknowledged)
          .allSatisfy(id -> assertThat(backend.audit().entry(UUID.fromString(id))).isPresent());
    }
  }

  private static ChildProcess start(Path file, String each) throws Exception {
    ChildProcess child = ChildProcess.of(SealingMain.class, file.toString(), each);
    assertThat(child.line()).isEqualTo("ready");
    return child;
  }
}
