package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.testing.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Virtual machines that apply the same set of limits at their start. */
class ApplyingProcessesTest {
  @TempDir Path folder;

  @Test
  void ofProcessesThatApplyTheSameSetOneDoes() throws Exception {
    Path file = folder.resolve("usage.db");
    LimitSet set = ApplyingMain.set();

    assertThat(made(file)).containsExactlyInAnyOrder("0", "0", "20");

    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      assertThat(accounting.limits().list()).isEqualTo(set.limits());
      assertThat(accounting.audit().find(AuditQuery.latest(100).ofType(AuditEntry.ADMIN)))
          .hasSize(20);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  private static List<String> made(Path file) throws Exception {
    List<ChildProcess> children = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        children.add(ChildProcess.of(ApplyingMain.class, file.toString()));
      }
      for (ChildProcess child : children) {
        assertThat(child.line()).isEqualTo("ready");
      }
      for (ChildProcess child : children) {
        child.go();
      }
      List<String> made = new ArrayList<>();
      for (ChildProcess child : children) {
        made.add(child.rest().get(0));
      }
      return made;
    } finally {
      children.forEach(ChildProcess::close);
    }
  }
}
