package io.llmaccounting.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of an answer when something is amiss, and how its call ends. */
class ExchangeTest {
  private static final CallRequest CALL =
      CallRequest.to("gpt-5-mini").inputTokens(1_000).maxOutputTokens(1_000);
  private static final byte[] ANSWER =
      """
      {"id": "r", "model": "gpt-5-mini", "choices": [{"message": {"content": "Hi"}}],
       "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}}"""
          .getBytes(StandardCharsets.UTF_8);

  private final List<Throwable> contained = new CopyOnWriteArrayList<>();
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create())
          .continueOnError(contained::add)
          .withoutShutdownHook()
          .build();

  @AfterEach
  void close() {
    accounting.close();
  }

  private Usage record() {
    assertThat(accounting.tail()).hasSize(1);
    return accounting.tail().get(0).usage();
  }

  private static Exchange begun(CallMeter meter) {
    return Tap.of(meter).request(CALL, false).orElseThrow().begin();
  }

  /** A meter whose calls throw an error of the machine where {@code method} is called. */
  private CallMeter failingAt(String method) {
    return proxy(CallMeter.class, accounting, "no method", method);
  }

  private static <T> T proxy(Class<T> type, T real, String failing, String ofCalls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals(failing)) {
                throw new StackOverflowError("planned by a test");
              }
              Object result;
              try {
                result = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return result instanceof LlmCall call && method.getName().equals("begin")
                  ? proxy(LlmCall.class, call, ofCalls, ofCalls)
                  : result;
            }));
  }

  @Test
  void anErrorOfTheMachineKeepsNobodyWaitingForAnEnd() throws Exception {
    Exchange exchange = begun(failingAt("answered"));
    exchange.responded(200, "application/json", null);
    exchange.feed(ANSWER, 0, ANSWER.length);

    Void unused = exchange.completed().toCompletableFuture().get(20, TimeUnit.SECONDS);
    unused = exchange.cancelled().toCompletableFuture().get(20, TimeUnit.SECONDS);

    assertThat(record().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(contained).hasSize(1);
  }

  @Test
  void anErrorOfTheMachineWhileAnAnswerPassesDoesNotReachTheApplication() {
    Exchange exchange = begun(failingAt("attempted"));

    exchange.attempted();
    exchange.responded(200, "application/json", null);
    exchange.feed(ANSWER, 0, ANSWER.length);
    Exchange.await(exchange.completed());

    assertThat(record().tokens().total()).isEqualTo(10);
    assertThat(contained).hasSize(1);
  }

  @Test
  void aCallThatIsGivenUpBeforeARequestWentOutHasConsumedNothing() {
    Exchange exchange = begun(accounting);
    exchange.unsent();

    Exchange.await(exchange.cancelled());

    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record().tokens().total()).isZero();
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void aCallThatFailsBeforeARequestWentOutHasConsumedNothing() {
    Exchange exchange = begun(accounting);
    exchange.unsent();

    Exchange.await(exchange.failed(new java.net.ConnectException("refused")));

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().tokens().total()).isZero();
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void aCallThatIsGivenUpBeforeItsAnswerHasConsumedWhatWasExpected() {
    Exchange exchange = begun(accounting);
    exchange.unsent();
    exchange.attempted();

    Exchange.await(exchange.cancelled());

    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record().tokens().total()).isEqualTo(2_000);
  }

  @Test
  void aCallOfAnAdapterThatTellsNoAttemptsHasConsumedWhatWasExpected() {
    Exchange exchange = begun(accounting);

    Exchange.await(exchange.cancelled());

    assertThat(record().tokens().total()).isEqualTo(2_000);
  }

  @Test
  void anAnswerThatLeadsElsewhereIsNone() {
    Exchange exchange = begun(accounting);
    exchange.attempted();
    exchange.responded(302, "application/json", null);
    exchange.feed(ANSWER, 0, ANSWER.length);

    Exchange.await(exchange.completed());

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void whatCouldNotBeRecordedDoesNotHideWhatFailed() {
    IllegalStateException failed = new IllegalStateException("the call failed");
    IllegalStateException unrecorded = new IllegalStateException("the record failed");

    Exchange.await(java.util.concurrent.CompletableFuture.failedFuture(unrecorded), failed);
    Exchange.await(java.util.concurrent.CompletableFuture.failedFuture(failed), failed);

    assertThat(failed).hasSuppressedException(unrecorded);
    assertThat(failed.getSuppressed()).hasSize(1);
  }

  private Usage afterAnswers(int... statuses) {
    Exchange exchange = begun(accounting);
    for (int status : statuses) {
      exchange.attempted();
      if (status > 0) {
        exchange.responded(status, "application/json", null);
      }
    }
    Exchange.await(exchange.completed());
    return record();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 402, 403, 404, 405, 411, 413, 415, 429, 529})
  void aRequestThatIsRefusedHasConsumedNothing(int status) {
    Usage record = afterAnswers(429, status);

    assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record.tokens()).isEqualTo(TokenUsage.NONE);
    assertThat(record.source()).isEqualTo(TokenSource.REPORTED);
  }

  /**
   * Azure bills prompts that its filter refuses by 400; gateways answer for providers that work.
   */
  @ParameterizedTest
  @ValueSource(ints = {302, 400, 408, 409, 422, 499, 500, 502, 503, 504})
  void whatAnErrorHasConsumedIsNotKnown(int status) {
    assertThat(afterAnswers(status).source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void aRefusalSaysNothingOfTheAttemptBeforeIt() {
    assertThat(afterAnswers(500, 429).source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void aRefusalSaysNothingOfAnAttemptWithoutAnAnswer() {
    assertThat(afterAnswers(0, 429).source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void aLibraryThatThrowsForARefusalHasConsumedNothingEither() {
    Exchange exchange = begun(accounting);
    exchange.attempted();
    exchange.responded(429, null, null);

    Exchange.await(exchange.failed(new IOException("status 429")));

    assertThat(record().tokens()).isEqualTo(TokenUsage.NONE);
    assertThat(record().details().errorMessage()).contains("status 429");
  }
}
