package io.llmaccounting.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.recording.Buffering.WhenFull;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BufferingTest {
  @Test
  void defaultsAreTheDocumentedOnes() {
    assertThat(Buffering.DEFAULTS)
        .isEqualTo(
            new Buffering(100_000, 64_000_000, 1_000, Duration.ofMillis(200), WhenFull.BLOCK));
  }

  @Test
  void eachSettingChangesItselfOnly() {
    assertThat(
            Buffering.DEFAULTS
                .mostRecords(7)
                .mostBytes(20_000)
                .flushAt(5, Duration.ofMillis(1))
                .whenFull(WhenFull.REJECT))
        .isEqualTo(new Buffering(7, 20_000, 5, Duration.ofMillis(1), WhenFull.REJECT));
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    Buffering some = Buffering.DEFAULTS;
    assertThatThrownBy(() -> some.mostRecords(0)).hasMessageContaining("mostRecords");
    assertThatThrownBy(() -> some.mostRecords(10_000_001)).hasMessageContaining("mostRecords");
    assertThatThrownBy(() -> some.mostBytes(9_999)).hasMessageContaining("mostBytes");
    assertThatThrownBy(() -> some.flushAt(0, Duration.ofMillis(1)))
        .hasMessage("flushRecords must be from 1 to 1000, was 0");
    assertThatThrownBy(() -> some.flushAt(1_001, Duration.ofMillis(1)))
        .hasMessageContaining("flushRecords");
    assertThatThrownBy(() -> some.flushAt(1, Duration.ZERO)).hasMessageContaining("flushAge");
    assertThatThrownBy(() -> some.flushAt(1, Duration.ofMillis(60_001)))
        .hasMessageContaining("flushAge");
  }
}
