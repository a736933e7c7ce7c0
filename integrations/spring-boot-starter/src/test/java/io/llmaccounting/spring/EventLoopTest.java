package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testing.Eventually;
import io.llmaccounting.testing.ReplacedLedger;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Annotated methods that return chains, where the only thread there is must never wait. */
class EventLoopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CountDownLatch store = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final Scheduler loop = Schedulers.newSingle("event-loop");

  @AfterEach
  void close() {
    store.countDown();
    loop.dispose();
  }

  static class Service {
    private final AtomicInteger runs = new AtomicInteger();

    @TrackLlmUsage(model = "gpt-5-mini")
    public Mono<TokenUsage> mono() {
      runs.incrementAndGet();
      return Mono.just(TokenUsage.of(11, 7));
    }

    @TrackLlmUsage(model = "gpt-5-mini")
    public Flux<TokenUsage> flux() {
      runs.incrementAndGet();
      return Flux.just(TokenUsage.of(11, 1), TokenUsage.of(11, 7));
    }

    int runs() {
      return runs.get();
    }
  }

  /** A store that answers nothing until the test lets it. */
  private UsageBackend slow() {
    InMemoryBackend real = InMemoryBackend.create();
    Ledger ledger =
        (Ledger)
            Proxy.newProxyInstance(
                Ledger.class.getClassLoader(),
                new Class<?>[] {Ledger.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("transact")) {
                    asked.countDown();
                    store.await();
                  }
                  try {
                    return method.invoke(real.ledger(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new ReplacedLedger(real, ledger);
  }

  private void run(Consumer<ApplicationContext> test) {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(LlmAccountingAutoConfiguration.class))
        .withPropertyValues("llm.accounting.timeout=60s")
        .withBean(Service.class)
        .withBean(UsageBackend.class, this::slow)
        .run(test::accept);
  }

  private static Flux<TokenUsage> chain(ApplicationContext context, String kind) {
    Service service = context.getBean(Service.class);
    return kind.equals("mono") ? service.mono().flux() : service.flux();
  }

  private void isFree() {
    assertThat(Mono.fromCallable(() -> "free").subscribeOn(loop).block(PATIENCE)).isEqualTo("free");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mono", "flux"})
  void theThreadThatSubscribesDoesNotWaitForTheStore(String kind) {
    run(
        context -> {
          CompletableFuture<TokenUsage> answer =
              chain(context, kind).subscribeOn(loop).last().toFuture();

          isFree();
          assertThat(answer).isNotDone();
          store.countDown();

          assertThat(answer).succeedsWithin(PATIENCE).isEqualTo(TokenUsage.of(11, 7));
          assertThat(context.getBean(LlmAccounting.class).tail())
              .singleElement()
              .satisfies(one -> assertThat(one.usage().tokens()).isEqualTo(TokenUsage.of(11, 7)));
        });
  }

  @Test
  void whoeverUnsubscribesWhileThereIsNoRoomYetAsksNoModel() {
    run(
        context -> {
          LlmAccounting accounting = context.getBean(LlmAccounting.class);
          Disposable subscription = chain(context, "mono").subscribeOn(loop).subscribe();
          isFree();
          await(asked);

          subscription.dispose();
          store.countDown();

          Eventually.eventually("it is given up", () -> accounting.health().underWay() == 0);
          assertThat(context.getBean(Service.class).runs()).isZero();
          assertThat(accounting.tail())
              .allSatisfy(one -> assertThat(one.usage().outcome()).isEqualTo(Outcome.CANCELLED));
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
