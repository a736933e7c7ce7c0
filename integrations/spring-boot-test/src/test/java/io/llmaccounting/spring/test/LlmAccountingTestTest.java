package io.llmaccounting.spring.test;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.spring.TrackLlmUsage;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

@LlmAccountingTest
@TestPropertySource(properties = "spring.config.location=classpath:/slice/")
@Import(LlmAccountingTestTest.Ranker.class)
class LlmAccountingTestTest {
  @Autowired private LlmAccounting accounting;
  @Autowired private ManualClock clock;
  @Autowired private InMemoryBackend backend;
  @Autowired private Ranker ranker;

  static class Ranker {
    @TrackLlmUsage(model = "gpt-5-mini", user = "#{#user}")
    public TokenUsage rank(String user) {
      return TokenUsage.of(100, 20);
    }
  }

  @Test
  void limitsOfTheApplicationHoldUntilTheClockIsMoved() {
    ranker.rank("alice");
    assertThatThrownBy(() -> ranker.rank("alice")).isInstanceOf(QuotaExceededException.class);

    clock.advance(Duration.ofDays(1));

    ranker.rank("alice");
    assertThat(accounting.tail()).hasSize(2);
    assertThat(accounting.tail().get(0).usage().attribution().project()).isEqualTo("search");
  }

  @RepeatedTest(2)
  void everyTestBeginsEmpty() {
    assertThat(accounting.tail()).isEmpty();
    assertThat(clock.instant()).isEqualTo(ManualClock.START);
    ranker.rank("alice");
    clock.advance(Duration.ofDays(1));
  }

  @Test
  void outagesCanBePlayed() {
    CallRequest request = CallRequest.to("gpt-5-mini").user("alice");
    assertThat(accounting.quotas().check(request)).isAdmitted();

    backend.breakDown();

    assertThatThrownBy(() -> ranker.rank("alice")).isInstanceOf(RuntimeException.class);
  }
}
