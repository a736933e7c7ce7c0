package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LoggedNamesTest extends LoggedIncidents {
  @Test
  @DisplayName("faults G9: names that are too many are told once for each dimension and day")
  void tooManyNamesAreToldOnceForEachDimensionAndDay() {
    start();
    accounting.admin().namesPerDay(1);
    for (int i = 0; i < 4; i++) {
      accounting.track(aCall().by("user-" + i).at(clock.instant()).usage());
    }
    assertThat(loud("has too many names of dimension user: ")).isEqualTo(1);
    assertThat(loud("raise the bound with namesPerDay and rebuild")).isEqualTo(1);
    assertThat(loud("user-")).isZero();

    clock.advance(Duration.ofDays(1));
    for (int i = 0; i < 4; i++) {
      accounting.track(aCall().by("user-" + i).in("p" + i).at(clock.instant()).usage());
    }
    assertThat(loud("has too many names of dimension user: ")).isEqualTo(2);
    assertThat(loud("has too many names of dimension project: ")).isEqualTo(1);
    assertThat(accounting.health().counts().inOthers()).isEqualTo(6);
  }
}
