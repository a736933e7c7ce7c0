package io.llmaccounting.testkit;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallFixtureTest {

  @Test
  void aCallOfWhichNothingIsSpelledIsComplete() {
    Usage usage = aCall().usage();

    assertThat(usage.model()).isEqualTo("gpt-5-mini");
    assertThat(usage.occurredAt()).isEqualTo(ManualClock.START);
    assertThat(usage.tokens()).isEqualTo(TokenUsage.of(100, 20));
    assertThat(usage.cost()).isEmpty();
  }

  @Test
  void whatIsSpelledReplacesTheDefault() {
    Usage usage = aCall().by("alice").on("o4").in("search").costing("0.02").inputTokens(7).usage();

    assertThat(usage.attribution().user()).isEqualTo("alice");
    assertThat(usage.attribution().project()).isEqualTo("search");
    assertThat(usage.model()).isEqualTo("o4");
    assertThat(usage.cost()).contains(Cost.usd("0.02"));
    assertThat(usage.tokens()).isEqualTo(TokenUsage.of(7, 0));
  }

  @Test
  void unknownTokensAreMissingNotZero() {
    Usage usage = aCall().withoutTokens().usage();

    assertThat(usage.tokens()).isNull();
    assertThat(usage.source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void idsAscendInTheOrderInWhichTheyWereMade() {
    assertThat(Stream.generate(() -> aCall().usage().id()).limit(300))
        .doesNotHaveDuplicates()
        .isSortedAccordingTo(UUID::compareTo);
  }

  @Test
  void theRequestExpectsWhatTheRecordSays() {
    CallFixture call = aCall().by("alice").provider("openai").tokens(7, 3).costing("0.5").key("k");

    assertThat(call.request())
        .isEqualTo(
            CallRequest.to("gpt-5-mini")
                .provider("openai")
                .user("alice")
                .inputTokens(7)
                .maxOutputTokens(3)
                .cost(Cost.usd("0.5"))
                .key("k"));
  }

  @Test
  void theRequestOfACallWithoutTokensExpectsNone() {
    assertThat(aCall().withoutTokens().request()).isEqualTo(CallRequest.to("gpt-5-mini"));
  }
}
