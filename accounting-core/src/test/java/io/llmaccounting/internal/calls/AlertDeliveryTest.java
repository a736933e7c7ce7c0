package io.llmaccounting.internal.calls;

import static io.llmaccounting.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Usage;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AlertDeliveryTest {
  private static final Alert ALERT =
      new Alert(new UUID(1, 1), "daily", "", 50, ManualClock.START, 5, 10);

  private final Failures failures =
      new Failures(
          ErrorPolicy.FAIL, error -> {}, new Meters(ManualClock.create()), ManualClock.create());

  /** The store may hand an alert over while the one that fired it still waits to be told. */
  @Test
  void tellsAnAlertThatComesTwiceOnce() {
    List<Alert> heard = Collections.synchronizedList(new ArrayList<>());
    try (InMemoryBackend backend = InMemoryBackend.create(ManualClock.create());
        Listeners listeners = listeners(listener(heard))) {
      AlertDelivery alerts =
          new AlertDelivery(listeners, new Chores(failures, "chores"), backend.ledger(), failures);
      alerts.fired(List.of(ALERT));
      alerts.fired(List.of(ALERT));
    }

    assertThat(heard).containsExactly(ALERT);
  }

  /** faults G10: what waits for the store waits on another thread than the listeners'. */
  @Test
  void aStoreThatDoesNotAnswerHoldsUpNoListener() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch toldLater = new CountDownLatch(1);
    AtomicInteger marked = new AtomicInteger();
    try (InMemoryBackend backend = InMemoryBackend.create(ManualClock.create());
        Listeners listeners = listeners(listener(new ArrayList<>()))) {
      Ledger hanging =
          (Ledger)
              Proxy.newProxyInstance(
                  Ledger.class.getClassLoader(),
                  new Class<?>[] {Ledger.class},
                  (self, method, arguments) -> {
                    answer.await();
                    marked.incrementAndGet();
                    return method.invoke(backend.ledger(), arguments);
                  });
      Chores chores = new Chores(failures, "chores");
      new AlertDelivery(listeners, chores, hanging, failures).fired(List.of(ALERT));
      listeners.tellLater(listener -> toldLater.countDown());

      assertThat(toldLater.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(marked).hasValue(0);
      answer.countDown();
      eventually("it is marked", () -> marked.get() == 1);
    }
  }

  /** An alert that nobody hears stays undelivered, for a listener that does. */
  @Test
  void whoHearsOfCallsOnlyHearsOfCalls() {
    List<Usage> heard = new ArrayList<>();
    CallListener calls =
        new CallListener() {
          @Override
          public void recorded(Usage usage, Receipt receipt) {
            heard.add(usage);
          }
        };
    Usage usage = UsageFixtures.aCall().usage();
    try (InMemoryBackend backend = InMemoryBackend.create(ManualClock.create());
        LlmAccounting accounting = LlmAccounting.builder(backend).listener(calls).build()) {
      accounting.limits().save(Limit.named("all").requests(2).lifetime().alertingAt(50));
      accounting.track(usage);
      try (Listeners listeners = listeners(calls)) {
        Chores chores = new Chores(failures, "chores");
        new AlertDelivery(listeners, chores, backend.ledger(), failures).start();
        chores.close(Duration.ofSeconds(10));
      }

      assertThat(heard).containsExactly(usage);
      assertThat(backend.ledger().alerts(true)).hasSize(1);
    }
  }

  private Listeners listeners(CallListener listener) {
    return new Listeners(List.of(listener), failures);
  }

  private static AccountingListener listener(List<Alert> heard) {
    return new AccountingListener() {
      @Override
      public void alerted(Alert alert) {
        heard.add(alert);
      }
    };
  }
}
