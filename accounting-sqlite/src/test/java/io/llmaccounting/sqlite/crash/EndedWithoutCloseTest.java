package io.llmaccounting.sqlite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.usage.TimeRange;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** faults A9. */
class EndedWithoutCloseTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"return", "exit", "signal", "closing hook"})
  @DisplayName("faults A9: a process that ends without closing has stored what memory had accepted")
  void anOrderlyEndLosesNothing(String way) throws Exception {
    assertThat(stored(way)).isEqualTo(EndingMain.CALLS);
  }

  @Test
  @DisplayName("faults A9: the hook can be left out")
  void withoutTheHookWhatWaitsIsLost() throws Exception {
    assertThat(stored("exit unhooked")).isLessThan(EndingMain.CALLS);
  }

  private long stored(String way) throws Exception {
    Path file = folder.resolve("usage.db");
    try (ChildProcess child = ChildProcess.of(EndingMain.class, file.toString(), way)) {
      assertThat(child.line()).isEqualTo("recorded");
      if (way.equals("signal")) {
        child.terminate();
      }
      child.awaitEnd();
    }
    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      assertThat(accounting.admin().verify().differences()).isEmpty();
      return accounting.report(TimeRange.always()).run().total().calls();
    }
  }
}
