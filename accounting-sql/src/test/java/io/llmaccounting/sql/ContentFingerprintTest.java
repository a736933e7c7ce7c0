package io.llmaccounting.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testing.FullCall;
import io.llmaccounting.testing.OneChanged;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ContentFingerprintTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  @Test
  void idTimeAndComputedCostAreNoContent() {
    Usage one = call(NOW).build();
    Usage other =
        call(NOW.plusSeconds(60)).build().withComputedCost(new PricedCost(Cost.usd("1"), "p1"));

    assertThat(ContentFingerprint.of(one)).hasSize(16).isEqualTo(ContentFingerprint.of(other));
  }

  @Test
  void everythingThatTheCallerGaveIsContent() {
    List<UnaryOperator<UsageBuilder>> changes =
        List.of(
            call -> call.key("k"),
            call -> call.model("other"),
            call -> call.responseModel("m"),
            call -> call.provider("m"),
            call -> call.operation("m"),
            call -> call.inputTokens(2),
            call -> call.cost(Cost.usd("1")),
            call -> call.project("m"),
            call -> call.user("m"),
            call -> call.caller("m"),
            call -> call.session("m"),
            call -> call.tag("a", "b"));

    assertThat(changes.stream().map(change -> change.apply(call(NOW)).build()))
        .extracting(usage -> HexFormat.of().formatHex(ContentFingerprint.of(usage)))
        .doesNotHaveDuplicates()
        .doesNotContain(HexFormat.of().formatHex(ContentFingerprint.of(call(NOW).build())));
  }

  /** faults A1: what the library measures is no content, and keys stored before are known. */
  @Test
  void durationsAreNoContentAndTheFormThatHadThemIsStillRecognized() {
    Usage plain = call(NOW).build();
    Usage timed = call(NOW).latency(Duration.ofMillis(1)).build();
    byte[] former = HexFormat.of().parseHex("8c5459063a6efdabc0d253aca21733e8");

    assertThat(ContentFingerprint.of(timed)).isEqualTo(ContentFingerprint.of(plain));
    assertThat(ContentFingerprint.matches(ContentFingerprint.of(plain), timed)).isTrue();
    assertThat(ContentFingerprint.matches(former, timed)).isTrue();
    assertThat(ContentFingerprint.matches(former, plain)).isFalse();
    assertThat(ContentFingerprint.matches(former, call(NOW).model("other").build())).isFalse();
  }

  @Test
  void theFormDoesNotChange() {
    assertThat(HexFormat.of().formatHex(ContentFingerprint.of(call(NOW).build())))
        .isEqualTo("6e181176b5a114fd4ca065d2b1bd810c");
  }

  private static UsageBuilder call(Instant at) {
    return new UsageBuilder(at, instant -> UsageId.create(instant, new Random(1)))
        .model("gpt-5-mini")
        .inputTokens(1)
        .outputTokens(1);
  }

  /** No component of a call is forgotten, also none that is added some day. */
  @Test
  void eachComponentThatIsContentMakesAnother() {
    Usage first = FullCall.usage();
    for (OneChanged<Usage> one : OneChanged.of(first)) {
      assertThat(Arrays.equals(ContentFingerprint.of(one.value()), ContentFingerprint.of(first)))
          .as(one.component())
          .isEqualTo(one.value().describesSameCallAs(first));
    }
  }
}
