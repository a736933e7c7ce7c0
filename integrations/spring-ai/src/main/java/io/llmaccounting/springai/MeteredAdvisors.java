package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.usage.Attribution;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.api.Advisor;

/**
 * Advisors that meter what a chat client asks its model: one next to the model, inside of all other
 * advisors and of Spring AI's own loop with tools, and one outside of them that keeps who is
 * calling, because advisors in between go on on other threads. What another advisor asks a model is
 * a call of its own. Safe for use by many threads and clients.
 *
 * <p>A call that a limit has no room for throws {@link
 * io.llmaccounting.limit.QuotaExceededException}, or its stream fails with it; the model is not
 * asked. With a {@link MeteredChatModel} below there is one record all the same.
 *
 * <p>A model of Spring AI 1.1 loops inside of itself. To these advisors that is one call, recorded
 * with the sum of its turns, unless the model is a {@link MeteredChatModel}, or Spring AI's {@code
 * ToolCallAdvisor} is among the advisors.
 */
public final class MeteredAdvisors {
  static final String SAID = CallContext.class.getName();

  private MeteredAdvisors() {}

  /** Meters by {@code meter}. */
  public static List<Advisor> of(CallMeter meter) {
    return of(Tap.of(meter));
  }

  /** Meters as {@code tap} says. */
  public static List<Advisor> of(Tap tap) {
    return List.of(new CallerAdvisor(), new MeteringAdvisor(new Asking(tap)));
  }

  /**
   * Says who makes one request of a chat client, to be handed to its {@code advisors}. It comes
   * before what its {@link CallContext} says.
   */
  public static Consumer<ChatClient.AdvisorSpec> calledBy(Attribution attribution) {
    CallContext said = CallContext.of(attribution);
    return request -> request.param(SAID, said);
  }

  /** Says, as {@link #calledBy}, that a request is not metered. */
  public static Consumer<ChatClient.AdvisorSpec> unmetered() {
    return request -> request.param(SAID, CallContext.unmetered());
  }
}
