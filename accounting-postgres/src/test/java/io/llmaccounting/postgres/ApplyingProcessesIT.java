package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.testing.ChildProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Virtual machines that apply the same set of limits at their start. */
class ApplyingProcessesIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void ofProcessesThatApplyTheSameSetOneDoes() throws Exception {
    LimitSet set = ApplyingMain.set();

    assertThat(made()).containsExactlyInAnyOrder("0", "0", "20");

    try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
      assertThat(accounting.limits().list()).isEqualTo(set.limits());
      assertThat(accounting.audit().find(AuditQuery.latest(100).ofType(AuditEntry.ADMIN)))
          .hasSize(20);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  private List<String> made() throws Exception {
    List<ChildProcess> children = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        children.add(
            ChildProcess.of(
                ApplyingMain.class,
                schema.server().url(),
                schema.server().user(),
                schema.server().password(),
                schema.name()));
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
