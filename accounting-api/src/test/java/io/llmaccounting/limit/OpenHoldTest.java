package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OpenHoldTest {
  /** reading 22. */
  @Test
  void countsUntilTheInstantAtWhichItExpires() {
    Instant expiry = Instant.parse("2026-03-02T09:00:00Z");
    OpenHold hold =
        new OpenHold(new UUID(0, 1), "m", null, Attribution.NONE, expiry.minusSeconds(60), expiry);

    assertThat(hold.isExpired(expiry.minusNanos(1))).isFalse();
    assertThat(hold.isExpired(expiry)).isTrue();
    assertThat(hold.isExpired(expiry.plusNanos(1))).isTrue();
  }
}
