package io.llmaccounting.internal.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testing.FullCall;
import io.llmaccounting.testing.OneChanged;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Usage;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No component of a call is forgotten where calls are measured and copied. */
class EveryFieldTest {
  static Stream<OneChanged<Usage>> calls() {
    return OneChanged.of(FullCall.usage()).stream();
  }

  static Stream<OneChanged<Usage>> longer() {
    // a price is named by the price table, which all calls share
    return calls().filter(one -> one.longer() && !one.component().contains("pricedBy"));
  }

  @ParameterizedTest
  @MethodSource("longer")
  void whatIsLongerWeighsMore(OneChanged<Usage> call) {
    assertThat(Footprint.of(call.value())).isGreaterThan(Footprint.of(FullCall.usage()));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void copiesKeepIt(OneChanged<Usage> call) {
    Usage whole = call.value();

    assertThat(whole.withComputedCost(whole.computedCost())).isEqualTo(whole);
    assertThat(whole.withParts(whole.parts())).isEqualTo(whole);
    assertThat(whole.withCostPolicy(whole.costPolicy())).isEqualTo(whole);
    assertThat(whole.withProvider(whole.provider())).isEqualTo(whole);
    assertThat(whole.withAttribution(whole.attribution())).isEqualTo(whole);
    assertThat(whole.withFigures(CallFigures.of(whole))).isEqualTo(whole);
    assertThat(whole.details().withSpeed(whole.details().speed())).isEqualTo(whole.details());
  }

  static Stream<OneChanged<Usage>> collected() {
    return calls()
        .filter(
            one ->
                one.component().startsWith("details.")
                    || one.component().startsWith("attribution."));
  }

  @ParameterizedTest
  @MethodSource("collected")
  void whoCollectsACallMayGiveIt(OneChanged<Usage> call) {
    Usage whole = call.value();
    Usage collected =
        Usage.of(whole.model(), whole.occurredAt())
            .details(whole.details())
            .attribution(whole.attribution())
            .build();

    assertThat(collected.details()).isEqualTo(whole.details());
    assertThat(collected.attribution()).isEqualTo(whole.attribution());
  }
}
