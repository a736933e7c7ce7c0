package io.llmaccounting.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.audit.AuditVerification.Damage;
import io.llmaccounting.audit.AuditVerification.Kind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditVerificationTest {
  private static final UUID STREAM = new UUID(0, 1);
  private static final UUID ENTRY = new UUID(0, 2);

  private static Damage at(@Nullable UUID entry) {
    return new Damage(STREAM, 1, entry, Kind.MISSING, "gone");
  }

  /** reading 22. */
  @Test
  void aDamageNamesTheEntryIfOneStandsThere() {
    assertThat(at(ENTRY).entryId()).contains(ENTRY);
    assertThat(at(null).entryId()).isEmpty();
  }
}
