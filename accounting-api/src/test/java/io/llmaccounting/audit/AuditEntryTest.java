package io.llmaccounting.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditEntryTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");

  @Test
  void ofAnAdministrativeActSaysWhatItWasAbout() {
    AuditEntry entry =
        AuditEntry.admin(UsageId.floor(NOON), NOON, "limit saved", Map.of("limit", "hourly"));

    assertThat(entry.type()).isEqualTo(AuditEntry.ADMIN);
    assertThat(entry.attributes()).containsEntry("limit", "hourly");
    assertThatThrownBy(() -> AuditEntry.admin(new UUID(0, 0), NOON, "x", Map.of()))
        .hasMessageContaining("version 7");
  }

  @Test
  void queriesNarrowStepByStep() {
    UUID last = UsageId.floor(NOON);
    AuditQuery query =
        AuditQuery.latest(5).ofType("prompt").in(TimeRange.always()).session("s").after(last);

    assertThat(query.limit()).isEqualTo(5);
    assertThat(query.type()).isEqualTo("prompt");
    assertThat(query.session()).isEqualTo("s");
    assertThat(query.before()).isEqualTo(last);
    assertThatThrownBy(() -> AuditQuery.latest(0)).hasMessageContaining("limit");
  }
}
