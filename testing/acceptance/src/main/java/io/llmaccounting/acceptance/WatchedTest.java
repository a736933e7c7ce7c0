package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * An accounting whose health is looked at, and what it is asked for most.
 *
 * @param <S> the class that goes on with it
 */
abstract class WatchedTest<S> extends OutageTest {
  static final Buffering PATIENT = Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1));

  abstract S self();

  final AtomicInteger denied = new AtomicInteger();
  final Queue<Usage> unfinished = new ConcurrentLinkedQueue<>();
  private LlmAccounting watched;

  private final class Listening implements AccountingListener {
    @Override
    public void denied(CallRequest request, Decision.Denied reason) {
      denied.incrementAndGet();
    }

    @Override
    public void unfinished(Usage usage) {
      unfinished.add(usage);
    }
  }

  /** The accounting whose health is looked at. */
  final LlmAccounting watched() {
    if (watched == null) {
      open(settings -> settings);
    }
    return watched;
  }

  final S open(UnaryOperator<LlmAccountingBuilder> settings) {
    watched = fragile(builder -> settings.apply(builder.listener(new Listening())));
    closing(watched);
    // not in the middle of an outage
    eventually("alerts were looked for", store()::wasAskedForAlerts);
    return self();
  }

  final S goingOn() {
    return open(builder -> builder.continueOnError(handled::add).timeout(Duration.ofMillis(500)));
  }

  final S buffered() {
    return open(builder -> builder.buffered(PATIENT));
  }

  final S spooling() {
    return open(builder -> builder.spool(spool()));
  }

  final S failingHandler(Runnable fails) {
    return open(
        builder ->
            builder
                .buffered(PATIENT)
                .errorHandler(
                    error -> {
                      handled.add(error);
                      fails.run();
                    }));
  }

  final S failingListener(Runnable fails) {
    return open(
        builder ->
            builder.listener(
                new AccountingListener() {
                  @Override
                  public void recorded(Usage usage, Receipt receipt) {
                    fails.run();
                  }
                }));
  }

  final void overflow() {
    List.of(this).forEach(WatchedTest::overflow);
  }

  // as Kotlin and Groovy do without a word
  @SuppressWarnings("unchecked")
  static <E extends Throwable> void sneak(Throwable error) throws E {
    throw (E) error;
  }

  static CallFixture call() {
    return aCall().tokens(1, 1).costing("0.01");
  }

  final S keep(CallFixture call) {
    Receipt unused = watched().track(call.usage());
    return self();
  }

  final void trackFlushing(CallFixture call) {
    keep(call);
    watched().flush();
  }

  final LlmCall begun(CallRequest request) {
    return watched().begin(request);
  }
}
