package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;

/** Keeps who is calling, outside of all advisors that may go on on another thread. */
final class CallerAdvisor implements CallAdvisor, StreamAdvisor {
  @Override
  public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
    CallContext.Scope said = said(request).open();
    try {
      return chain.nextCall(request);
    } finally {
      said.close();
    }
  }

  @Override
  public Flux<ChatClientResponse> adviseStream(
      ChatClientRequest request, StreamAdvisorChain chain) {
    return Flux.deferContextual(
        view -> {
          CallContext.Scope caller = Callers.open(view, CallContext.current());
          CallContext.Scope said = said(request).open();
          try {
            CallContext kept = CallContext.current();
            Flux<ChatClientResponse> asked = chain.nextStream(request);
            return Callers.saysNothing(kept)
                ? asked
                : asked.contextWrite(context -> context.put(CallContext.class, kept));
          } finally {
            said.close();
            caller.close();
          }
        });
  }

  private static CallContext said(ChatClientRequest request) {
    return request.context().get(MeteredAdvisors.SAID) instanceof CallContext context
        ? context
        : CallContext.current();
  }

  @Override
  public String getName() {
    return "LLM Accounting: caller";
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
