package io.llmaccounting.testkit;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;

/**
 * A call in the making, see {@link UsageFixtures#aCall}: everything that can be recorded, with
 * short words for what tests spell most. Confined to one thread.
 */
public final class CallFixture extends UsageFields<CallFixture> {
  private static final TokenUsage TOKENS = TokenUsage.of(100, 20);

  private boolean tokensAreDefaulted = true;

  CallFixture() {
    model("gpt-5-mini");
  }

  @Override
  protected CallFixture self() {
    return this;
  }

  /** The user. */
  public CallFixture by(String user) {
    return user(user);
  }

  /** The model that was asked for. */
  public CallFixture on(String model) {
    return model(model);
  }

  /** The project. */
  public CallFixture in(String project) {
    return project(project);
  }

  /** The cost in US dollars, for instance {@code "0.0379055"}. */
  public CallFixture costing(String dollars) {
    return cost(Cost.usd(dollars));
  }

  /** Sets the numbers of input and output tokens, none of them cached. */
  public CallFixture tokens(long input, long output) {
    return tokens(TokenUsage.of(input, output));
  }

  /** The tokens are unknown. */
  public CallFixture withoutTokens() {
    return answer(ModelAnswer.withoutUsage());
  }

  @Override
  public CallFixture inputTokens(long tokens) {
    tokensAreDefaulted = false;
    return super.inputTokens(tokens);
  }

  @Override
  public CallFixture outputTokens(long tokens) {
    tokensAreDefaulted = false;
    return super.outputTokens(tokens);
  }

  @Override
  public CallFixture tokens(TokenUsage tokens) {
    tokensAreDefaulted = false;
    return super.tokens(tokens);
  }

  @Override
  public CallFixture answer(ModelAnswer answer) {
    tokensAreDefaulted = false;
    return super.answer(answer);
  }

  /** Makes the record of this call, with a new id each time unless an id was given. */
  public Usage usage() {
    if (tokensAreDefaulted) {
      super.tokens(TOKENS);
    }
    return usage(UsageFixtures::newId, ManualClock.START, Attribution.NONE);
  }

  /** The request for this call: it expects exactly what the record says. */
  public CallRequest request() {
    Usage usage = usage();
    TokenUsage tokens = usage.tokens();
    return new CallRequest(
        usage.model(),
        usage.provider(),
        usage.operation(),
        usage.attribution(),
        tokens == null ? null : tokens.input(),
        tokens == null ? null : tokens.output(),
        usage.givenCost(),
        usage.details().serviceTier(),
        usage.details().batch(),
        usage.details().region(),
        usage.key(),
        null,
        usage.details().asked());
  }
}
