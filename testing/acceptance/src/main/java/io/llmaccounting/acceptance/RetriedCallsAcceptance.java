package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.catchThrowableOfType;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTotals;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls that failed, and calls that are made again under the key of a job. */
public class RetriedCallsAcceptance extends AcceptanceTest {
  private static final CallRequest JOB =
      CallRequest.to("m").user("ann").inputTokens(10).maxOutputTokens(10).key("job-1");

  private Receipt failed() {
    return accounting().begin(JOB).failed(new IOException("reset"));
  }

  private static UsageTotals total(LlmAccounting accounting) {
    return accounting.report(TimeRange.always()).run().total();
  }

  @Test
  final void aSuccessUnderTheKeyOfAFailureReplacesIt() {
    Receipt first = failed();

    Receipt second = accounting().begin(JOB).succeeded(TokenUsage.of(10, 5));

    assertThat(second.status()).isEqualTo(Receipt.Status.SUPERSEDED);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(stored(first.id()).current().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(total(accounting()).calls()).isEqualTo(1);
    assertThat(accounting().begin(JOB).succeeded(TokenUsage.of(10, 5))).isDuplicate();
  }

  @Test
  final void otherTokensUnderTheKeyAreAConflictThatNamesOnlyWhatCounts() {
    failed();
    accounting().begin(JOB).succeeded(TokenUsage.of(10, 5));

    AnswerNotRecordedException error =
        catchThrowableOfType(
            AnswerNotRecordedException.class,
            () ->
                accounting().call(JOB, () -> "two", said -> ModelAnswer.of(TokenUsage.of(10, 6))));

    assertThat(error.answer()).isEqualTo("two");
    assertThat(error)
        .cause()
        .isInstanceOf(UsageConflictException.class)
        .hasMessageContaining("outputTokens 6, stored 5")
        .hasMessageNotContaining("IOException");
    assertThat(total(accounting()).tokens().output()).isEqualTo(5);
  }

  /** A failed request that is known to be free costs nothing, and no sum lacks it. */
  @Test
  final void aFailureThatSaysItUsedNothingLeavesSumsComplete() {
    save(
        Limit.named("budget")
            .cost(Cost.usd("1"))
            .lifetime()
            .onUnpriced(UnpricedPolicy.charge(Cost.usd("0.05"))));
    LlmAccounting priced =
        another(
            builder ->
                builder.pricing(
                    call ->
                        Optional.of(new PricedCost(Cost.ofNanos(call.tokens().total()), "a row"))));
    CallRequest request = CallRequest.to("m").inputTokens(10).maxOutputTokens(10);

    priced.begin(request).failed(new IOException("429"), TokenUsage.NONE);

    assertThat(total(priced).missing()).isZero();
    assertThat(total(priced).unpriced()).isZero();
    assertThat(priced.quotas().status(request).get(0).used()).isZero();

    priced.begin(request).failed(new IOException("reset"));

    assertThat(total(priced).missing()).isEqualTo(1);
    assertThat(total(priced).unpriced()).isEqualTo(1);
    assertThat(priced.quotas().status(request).get(0).used()).isEqualTo(Cost.usd("0.05").nanos());
  }
}
