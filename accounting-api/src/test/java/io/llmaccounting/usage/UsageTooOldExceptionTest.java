package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageTooOldExceptionTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");
  private static final Instant HORIZON = Instant.parse("2026-04-01T00:00:00Z");

  private final Usage usage =
      new UsageBuilder(NOON, UsageId::floor).model("m").key("job-1").project("search").build();

  @Test
  void saysThatTheCallItselfMayHaveBeenPurged() {
    UsageTooOldException tooOld = new UsageTooOldException(usage, usage.id(), HORIZON, false);

    assertThat(tooOld)
        .hasMessageContaining("older than the purge horizon " + HORIZON)
        .hasMessageContaining("OldUsage.COUNT");
    assertThat(tooOld.refused()).isEqualTo(usage);
    assertThat(tooOld.isKnownRepetition()).isFalse();
  }

  @Test
  void saysWhoseKeyItWas() {
    UUID other = UsageId.floor(NOON.minusSeconds(60));
    UsageTooOldException tooOld = new UsageTooOldException(usage, other, HORIZON, true);

    assertThat(tooOld)
        .hasMessageContaining("key \"job-1\" of project search belongs to call " + other)
        .hasMessageContaining("the same content");
    assertThat(tooOld.purged()).isEqualTo(other);
    assertThat(tooOld.completeFrom()).isEqualTo(HORIZON);
    assertThat(tooOld.isKnownRepetition()).isTrue();
  }
}
