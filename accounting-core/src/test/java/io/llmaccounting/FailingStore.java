package io.llmaccounting;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** An accounting on a store that can be told to fail. */
abstract class FailingStore {
  static final CallRequest REQUEST = CallRequest.to("m").inputTokens(100).maxOutputTokens(100);

  final ManualClock clock = ManualClock.create();
  final InMemoryStorage storage = InMemoryStorage.create();
  final InMemoryBackend backend = InMemoryBackend.open(storage, clock);
  final List<RuntimeException> handled = new ArrayList<>();
  final List<Receipt> heard = new ArrayList<>();
  private final List<LlmAccounting> opened = new ArrayList<>();
  LlmAccounting accounting = open(settings());

  LlmAccounting open(LlmAccountingBuilder settings) {
    LlmAccounting more = settings.build();
    opened.add(more);
    return more;
  }

  LlmAccountingBuilder settings() {
    return LlmAccounting.builder(backend)
        .clock(clock)
        .listener(
            new AccountingListener() {
              @Override
              public void recorded(Usage usage, Receipt receipt) {
                heard.add(receipt);
              }
            });
  }

  /** Gives up soon: for a store that stays down. */
  void impatient() {
    accounting = open(settings().timeout(ofSeconds(1)));
  }

  void goOnAfterErrors() {
    accounting = open(settings().timeout(ofSeconds(1)).continueOnError(handled::add));
  }

  /** Repairs the store and waits until the accounting has noticed. */
  void recover() {
    backend.recover();
    eventually(
        "the breaker is closed",
        () -> accounting.health().store().breaker() == Health.Breaker.CLOSED);
  }

  void limit(long tokens) {
    accounting.limits().save(Limit.named("tokens").totalTokens(tokens).lifetime());
  }

  long used() {
    return accounting.quotas().status(REQUEST).get(0).used();
  }

  long held() {
    return accounting.quotas().status(REQUEST).get(0).held();
  }

  @AfterEach
  void everythingAddsUp() {
    backend.recover();
    assertThat(accounting.admin().verify().differences()).isEmpty();
    opened.forEach(LlmAccounting::close);
  }
}
