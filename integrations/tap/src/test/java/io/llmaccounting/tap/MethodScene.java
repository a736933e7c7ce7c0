package io.llmaccounting.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** A metered method, and an accounting that contains failures. */
abstract class MethodScene {
  static final CallRequest CALL =
      CallRequest.to("gpt-5-mini").user("alice").inputTokens(1_000).maxOutputTokens(1_000);

  final List<Throwable> contained = new CopyOnWriteArrayList<>();
  final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create())
          .continueOnError(contained::add)
          .withoutShutdownHook()
          .build();
  final MeteredMethod metered = MeteredMethod.of(accounting);

  @AfterEach
  final void close() {
    accounting.close();
    assertThat(CallContext.current().call()).isEmpty();
  }

  final List<Usage> records() {
    return accounting.tail(UsageFilter.all(), 100).stream().map(RecordedUsage::usage).toList();
  }

  final Usage record() {
    assertThat(records()).hasSize(1);
    return records().get(0);
  }

  final Object call(ModelCall<?, RuntimeException> method) {
    return metered.call(CALL, Object.class, method);
  }

  /** What a metered client of an SDK does inside of a method. */
  final void client(CallRequest request, TokenUsage used) {
    Exchange exchange = Tap.of(accounting).request(request, false).orElseThrow().begin();
    CallContext.Scope scope = exchange.open();
    try {
      // a client below that is metered as well
      Exchange below = Tap.of(accounting).request(request, false).orElseThrow().begin();
      below.attempted();
      Exchange.await(below.completed());
    } finally {
      scope.close();
    }
    exchange.answered(ModelAnswer.builder().tokens(used).responseId("r").build());
    Exchange.await(exchange.completed());
  }

  final void client(TokenUsage used) {
    client(CallRequest.to("gpt-5-mini").provider("openai").operation("chat"), used);
  }
}
