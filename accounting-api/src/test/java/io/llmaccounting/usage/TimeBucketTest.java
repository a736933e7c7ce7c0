package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimeBucketTest {
  private static final ZoneId ST_JOHNS = ZoneId.of("America/St_Johns");

  @Test
  void anHourThatClocksRepeatOverMidnightBelongsToTheDayThatHadBegun() {
    Instant secondTimeHalfPastEleven = Instant.parse("2010-11-07T03:00:00Z");
    assertThat(secondTimeHalfPastEleven.atZone(ST_JOHNS))
        .hasToString("2010-11-06T23:30-03:30[America/St_Johns]");

    for (TimeBucket bucket : TimeBucket.values()) {
      assertThat(bucket.of(secondTimeHalfPastEleven, ST_JOHNS))
          .as("%s", bucket)
          .matches(period -> period.contains(secondTimeHalfPastEleven));
    }
    assertThat(TimeBucket.DAY.of(secondTimeHalfPastEleven, ST_JOHNS).from())
        .isEqualTo(Instant.parse("2010-11-07T02:30:00Z"));
  }

  @Test
  void aBucketThatBeginsBefore1970IsCut() {
    ZoneId newYork = ZoneId.of("America/New_York");

    for (TimeBucket bucket : TimeBucket.values()) {
      assertThat(bucket.of(Instant.EPOCH, newYork).from()).isEqualTo(Instant.EPOCH);
    }
    assertThat(TimeBucket.DAY.of(Instant.EPOCH, newYork).to())
        .isEqualTo(Instant.parse("1970-01-01T05:00:00Z"));
  }
}
