package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code of the application that tells of the very call that it is run for. */
@DisplayName("code of the application run for a call that tells of that call")
class InMemoryTurnTest extends FailingStore {
  private static final long PATIENCE_SECONDS = 10;

  private final IllegalStateException broken = new IllegalStateException("prices cannot be read");
  private volatile Runnable asked = () -> {};

  enum End {
    CLOSE(
        call -> {
          call.close();
          return null;
        }),
    CANCELLED(LlmCall::cancelled);

    private final Function<LlmCall, Receipt> told;

    End(Function<LlmCall, Receipt> told) {
      this.told = told;
    }
  }

  /** What {@code work} comes to on another thread; fails where that hangs. */
  private static <T> T inTime(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception known ? known : e;
    }
  }

  private final Pricing pricing =
      call -> {
        asked.run();
        return Optional.empty();
      };

  private LlmCall begunWithoutAPrice() {
    LlmCall call = accounting.begin(REQUEST);
    call.textSeen(40);
    return call;
  }

  private Usage stored() {
    return accounting.tail().get(0).usage();
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void theErrorHandlerMayEndTheCallWhosePriceCannotBeTold(End end) throws Exception {
    LlmCall[] call = new LlmCall[1];
    accounting =
        open(
            settings()
                .pricing(pricing)
                .continueOnError(
                    error -> {
                      handled.add(error);
                      if (handled.size() == 1) {
                        call[0].close();
                        call[0].cancelled();
                      }
                    }));
    call[0] = begunWithoutAPrice();
    asked =
        () -> {
          throw broken;
        };

    inTime(() -> end.told.apply(call[0]));

    assertThat(handled).contains(broken);
    assertThat(accounting.tail()).hasSize(1);
  }

  @Test
  void anErrorMayEndItsCallWhenItIsRead() throws Exception {
    LlmCall call = accounting.begin(REQUEST);

    inTime(
        () ->
            call.failed(
                new RuntimeException() {
                  @Override
                  public String getMessage() {
                    call.close();
                    return "overloaded";
                  }
                }));

    assertThat(accounting.tail()).hasSize(1);
    assertThat(backend.ledger().holds()).isEmpty();
  }

  @Test
  void anErrorMayWaitForAThreadThatEndsTheCall() throws Exception {
    LlmCall call = accounting.begin(REQUEST);

    inTime(
        () ->
            call.failed(
                new RuntimeException() {
                  @Override
                  public String getMessage() {
                    try {
                      return inTime(() -> call.cancelled().status().toString());
                    } catch (Exception e) {
                      throw new IllegalStateException("the other end hangs", e);
                    }
                  }
                }));

    assertThat(stored().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void pricesThatEndTheCallTheyAreAskedForFailInsteadOfWaitingForThemselves() throws Exception {
    accounting = open(settings().pricing(pricing).continueOnError(handled::add));
    LlmCall call = begunWithoutAPrice();

    failWhereTheyEnd(call::close);
  }

  @Test
  void pricesThatEndTheCallWhoseTokensAreKnownFailToo() throws Exception {
    accounting = open(settings().pricing(pricing).continueOnError(handled::add));
    LlmCall call = accounting.begin(REQUEST);

    failWhereTheyEnd(() -> call.succeeded(TokenUsage.of(10, 5)));
  }

  private void failWhereTheyEnd(Runnable end) throws Exception {
    CountDownLatch once = new CountDownLatch(1);
    asked =
        () -> {
          if (once.getCount() > 0) {
            once.countDown();
            end.run();
          }
        };

    inTime(
        () -> {
          end.run();
          return true;
        });

    assertThat(handled)
        .singleElement()
        .satisfies(
            error ->
                assertThatThrownBy(
                        () -> {
                          throw error;
                        })
                    .hasMessageContaining("must not end it"));
    assertThat(accounting.tail()).hasSize(1);
  }

  @Test
  void whoHearsOfADenialMayAskForMoreForTheSameCall() throws Exception {
    LlmCall[] call = new LlmCall[1];
    List<Decision.Denied> denials = new CopyOnWriteArrayList<>();
    accounting =
        open(
            LlmAccounting.builder(backend)
                .clock(clock)
                .listener(
                    new AccountingListener() {
                      @Override
                      public void denied(CallRequest request, Decision.Denied denied) {
                        denials.add(denied);
                        if (denials.size() == 1) {
                          call[0].progress(TokenUsage.of(100, 20_000));
                        }
                      }
                    }));
    limit(300);
    call[0] = accounting.begin(REQUEST);

    Decision decision = inTime(() -> call[0].progress(TokenUsage.of(100, 10_000)));

    assertThat(decision.isAdmitted()).isFalse();
    assertThat(denials).hasSize(2);
    call[0].cancelled();
  }
}
