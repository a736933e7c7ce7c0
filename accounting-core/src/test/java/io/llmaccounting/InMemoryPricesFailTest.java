package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private final Pricing orUnknown =
      call -> {
        if (fails) {
          throw broken;
        }
        return Optional.empty();
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

  private enum End {
    CLOSE,
    CANCELLED,
    SUCCEEDED,
    ASK;

    void tell(LlmCall call) {
      switch (this) {
        case CLOSE -> call.close();
        case CANCELLED -> call.cancelled();
        case SUCCEEDED -> call.succeeded(TokenUsage.of(1, 1));
        case ASK ->
            assertThatThrownBy(
                    () ->
                        call.ask(
                            () -> {
                              throw new IOException("overloaded");
                            }))
                .isInstanceOf(IOException.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSE, CONTINUE",
    "CANCELLED, CONTINUE",
    "SUCCEEDED, CONTINUE",
    "ASK, CONTINUE",
    "CLOSE, FAIL",
    "SUCCEEDED, FAIL",
    "ASK, FAIL"
  })
  void anEndIsRecordedWithoutACostWhereNoneWasHeld(End end, ErrorPolicy policy) {
    accounting = open(settings().onError(policy).errorHandler(handled::add).pricing(orUnknown));
    LlmCall call = begun();
    call.textSeen(40);

    end.tell(call);

    assertThat(handled).containsExactly(broken);
    assertThat(accounting.tail())
        .singleElement()
        .satisfies(stored -> assertThat(stored.usage().cost()).isEmpty());
    assertThat(held()).isZero();
  }

  @Test
  void withFailACancellationWithoutAHeldCostThrowsAndClosingRecordsTheCall() {
    accounting = open(settings().errorHandler(handled::add).pricing(orUnknown));
    LlmCall call = begun();
    call.textSeen(40);

    assertThatThrownBy(call::cancelled).isSameAs(broken);
    call.close();

    assertThat(handled).containsExactly(broken);
    assertThat(accounting.tail()).hasSize(1);
    assertThat(held()).isZero();
  }

  @Test
  void anEndWithTokensIsRecordedWithTheCostThatWasHeld() {
    accounting = open(settings().pricing(pricing).continueOnError(handled::add));
    LlmCall call = begun();

    assertThat(call.succeeded(TokenUsage.of(1, 1))).isRecorded();

    assertThat(handled).containsExactly(broken);
    assertThat(accounting.tail().get(0).usage().cost()).contains(Cost.usd("0.25"));
    assertThat(accounting.tail().get(0).usage().tokens()).isEqualTo(TokenUsage.of(1, 1));
  }

  @Test
  void aHeldCallIsSettledWithTheCostThatWasHeld() {
    accounting = open(settings().pricing(pricing).continueOnError(handled::add));
    limit(1_000);
    HeldCall hold = accounting.quotas().reserve(REQUEST).hold().orElseThrow();
    fails = true;

    assertThat(hold.settle(ModelAnswer.of(TokenUsage.of(1, 1)))).isRecorded();

    assertThat(handled).containsExactly(broken);
    assertThat(accounting.tail().get(0).usage().cost()).contains(Cost.usd("0.25"));
    assertThat(held()).isZero();
  }
}
