package io.llmaccounting.tap.contract;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/**
 * What tests begin with that show of an adapter what is beyond {@link TapContract}: a provider on
 * loopback and an accounting in memory, closed after each test.
 */
public abstract class AdapterScene {
  private static final long PATIENCE = 20;

  /** The provider that is asked. */
  protected final FakeProvider provider = FakeProvider.start();

  /** Where the accounting keeps what it knows. */
  protected final InMemoryBackend backend = InMemoryBackend.create();

  /** What the adapter meters by. */
  protected final LlmAccounting accounting;

  private final CompletableFuture<Usage> first = new CompletableFuture<>();

  /** With an accounting that throws what fails. */
  protected AdapterScene() {
    this(builder -> builder);
  }

  /** With an accounting that is set up further. */
  protected AdapterScene(UnaryOperator<LlmAccountingBuilder> settings) {
    accounting =
        settings
            .apply(
                LlmAccounting.builder(backend)
                    .timeout(Duration.ofSeconds(5))
                    .listener(new First(first))
                    .withoutShutdownHook())
            .build();
  }

  private record First(CompletableFuture<Usage> first) implements CallListener {
    @Override
    public void recorded(Usage usage, Receipt receipt) {
      first.complete(usage);
    }
  }

  /** Closes what was opened. */
  @AfterEach
  final void closeScene() {
    accounting.close();
    provider.close();
  }

  /** All records. */
  protected final List<Usage> records() {
    return accounting.tail().stream().map(RecordedUsage::usage).toList();
  }

  /**
   * The only record.
   *
   * @throws AssertionError if there is none, or another
   */
  protected final Usage record() {
    List<Usage> all = records();
    if (all.size() != 1) {
      throw new AssertionError("%d calls were recorded, not 1".formatted(all.size()));
    }
    return all.get(0);
  }

  /** Waits for the first record, for at most 20 seconds. */
  protected final Usage heard() throws Exception {
    return first.get(PATIENCE, TimeUnit.SECONDS);
  }

  /** The body of the last request, as the provider got it. */
  protected final String sent() {
    return provider.requests().get(provider.count() - 1).text();
  }
}
