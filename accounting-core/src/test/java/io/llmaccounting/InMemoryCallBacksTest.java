package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Code of the application's that waits for another thread to tell of the same call. */
class InMemoryCallBacksTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(10).maxOutputTokens(10);

  private final ExecutorService other = Executors.newCachedThreadPool();
  private final Set<String> asking = ConcurrentHashMap.newKeySet();
  private final Queue<String> answered = new ConcurrentLinkedQueue<>();
  private volatile Consumer<LlmCall> telling = call -> {};
  private volatile LlmCall call;
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create(ManualClock.create()))
          .clock(ManualClock.create())
          .onError(ErrorPolicy.CONTINUE)
          .errorHandler(error -> askElsewhere("handler"))
          .pricing(new WaitingPricing())
          .listener(new WaitingListener())
          .build();

  private final class WaitingPricing implements Pricing {
    @Override
    public Optional<PricedCost> price(PricedCall priced) {
      askElsewhere("pricing");
      return Optional.empty();
    }
  }

  private final class WaitingListener implements AccountingListener {
    @Override
    public void ended(Usage usage) {
      askElsewhere("listener");
    }

    @Override
    public void firstToken(UUID id, CallRequest request) {
      askElsewhere("first token");
    }
  }

  private static final class WaitingError extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Runnable asking;

    WaitingError(Runnable asking) {
      this.asking = asking;
    }

    @Override
    public String getMessage() {
      asking.run();
      return "waited";
    }
  }

  // each once: what is asked for may call it back
  private void askElsewhere(String who) {
    if (!asking.remove(who)) {
      return;
    }
    try {
      other.submit(() -> telling.accept(call)).get(10, TimeUnit.SECONDS);
      answered.add(who);
    } catch (TimeoutException e) {
      answered.add(who + " waited in vain");
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void begin(Set<String> who, Consumer<LlmCall> told) {
    telling = told;
    call = accounting.begin(REQUEST);
    asking.addAll(who);
  }

  @AfterEach
  void close() {
    accounting.close();
    other.shutdownNow();
  }

  @Test
  void whoIsToldOfAnEndMayWaitForOneThatTellsOfTheCall() {
    Set<String> all = Set.of("describe", "listener", "error", "pricing", "first token");
    begin(
        all,
        same -> {
          same.describe(fields -> fields.extra("web_search", 1));
          same.textSeen(5);
          same.firstToken();
        });

    call.describe(fields -> askElsewhere("describe"));
    call.firstToken();
    call.failed(new WaitingError(() -> askElsewhere("error")));

    assertThat(answered).containsExactlyInAnyOrderElementsOf(all);
    assertThat(accounting.tail().get(0).usage().extras()).containsEntry("web_search", 1L);
  }

  @Test
  void anErrorHandlerMayWaitForOneThatEndsTheSameCall() {
    Set<String> all = Set.of("handler", "listener");
    begin(all, same -> same.cancelled());

    call.describe(fields -> fields.cost(Cost.usd("2000000")));
    call.succeeded(TokenUsage.of(1, 1));

    assertThat(answered).containsExactlyInAnyOrderElementsOf(all);
    assertThat(accounting.tail()).hasSize(1);
  }

  @Test
  void pricesMayWaitForOneThatTellsOfACallWithoutAnEnd() {
    Set<String> all = Set.of("pricing", "listener");
    begin(all, same -> same.firstToken());
    call.textSeen(40);

    call.close();

    assertThat(answered).containsExactlyInAnyOrderElementsOf(all);
    assertThat(accounting.tail().get(0).usage().outcome()).isEqualTo(Outcome.UNFINISHED);
  }

  @Test
  void ofTwoEndsAtOnceOneIsRecordedWhole() throws Exception {
    for (int i = 0; i < 200; i++) {
      LlmCall both = accounting.begin(REQUEST);
      Future<?> succeeding =
          other.submit(() -> both.succeeded(ModelAnswer.of(TokenUsage.of(7, 7))));
      both.failed(new IllegalStateException("late"), TokenUsage.of(3, 3));
      succeeding.get(30, TimeUnit.SECONDS);
    }

    assertThat(accounting.tail(UsageFilter.all(), 200))
        .allSatisfy(
            record -> {
              boolean succeeded = record.usage().outcome() == Outcome.SUCCEEDED;
              assertThat(record.usage().tokens())
                  .isEqualTo(succeeded ? TokenUsage.of(7, 7) : TokenUsage.of(3, 3));
              assertThat(record.usage().details().errorMessage())
                  .isEqualTo(succeeded ? null : "late");
            });
  }
}
