package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Prices that fail while a call is under way. */
class InMemoryPricesFailTest extends FailingStore {
  private final IllegalStateException broken = new IllegalStateException("prices cannot be read");
  private boolean fails;

  private final Pricing pricing =
      call -> {
        if (fails) {
          throw broken;
        }
        return Optional.of(new PricedCost(Cost.usd("0.25"), "row"));
      };

  private LlmCall begun() {
    limit(1_000);
    LlmCall call = accounting.begin(REQUEST);
    fails = true;
    return call;
  }

  @Test
  void withContinueTheEndIsRecordedAsItWasToldWithWhatWasHeldAsItsCost() {
    accounting = open(settings().pricing(pricing).continueOnError(handled::add));
    LlmCall call = begun();

    assertThat(call.succeeded(ModelAnswer.withoutUsage())).isRecorded();
    call.close();

    assertThat(handled).containsExactly(broken);
    assertThat(accounting.tail())
        .singleElement()
        .satisfies(
            stored -> {
              assertThat(stored.usage().outcome()).isEqualTo(Outcome.SUCCEEDED);
              assertThat(stored.usage().source()).isEqualTo(TokenSource.ESTIMATED);
              assertThat(stored.usage().cost()).contains(Cost.usd("0.25"));
            });
    assertThat(held()).isZero();
  }

  @Test
  void withContinueWhatCannotBeRecordedAsksForNoPriceAgain() {
    accounting = open(settings().pricing(pricing).continueOnError(handled::add));
    LlmCall call = begun();

    assertThat(call.succeeded(TokenUsage.of(1, 1), Cost.usd("2000000"))).isRecorded();

    assertThat(accounting.tail().get(0).usage().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(held()).isZero();
  }

  @Test
  void withFailTheEndThrowsAndClosingRecordsTheCall() {
    accounting = open(settings().pricing(pricing));
    LlmCall call = begun();

    assertThatThrownBy(() -> call.succeeded(ModelAnswer.withoutUsage())).isSameAs(broken);
    call.close();

    assertThat(accounting.tail())
        .singleElement()
        .satisfies(stored -> assertThat(stored.usage().outcome()).isEqualTo(Outcome.UNFINISHED));
    assertThat(held()).isZero();
  }
}
