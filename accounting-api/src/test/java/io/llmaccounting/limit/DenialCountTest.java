package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DenialCountTest {
  @Test
  void othersAreTheSameHoweverTheyWereWritten() {
    assertThat(ofSubject("(others)")).isEqualTo(ofSubject(DenialCount.OTHERS));
    assertThat(ofSubject("user=(others)").subject()).isEqualTo("user=(others)");
    assertThat(ofSubject("").subject()).isEmpty();
  }

  private static DenialCount ofSubject(String subject) {
    return new DenialCount("limit", subject, Instant.EPOCH, 1, 1, "denied");
  }
}
