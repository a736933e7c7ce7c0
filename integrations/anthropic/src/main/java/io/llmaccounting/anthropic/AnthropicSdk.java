package io.llmaccounting.anthropic;

import com.anthropic.core.ClientOptions;
import com.anthropic.core.http.AsyncStreamResponse;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Sdk;
import io.llmaccounting.tap.internal.Sending;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Anthropic's SDK, for the stand-ins of its services. */
record AnthropicSdk(Tap tap) implements Sdk<ClientOptions.Builder, Wire> {
  @Override
  public boolean isAsynchronous(Class<?> service) {
    return service.getPackageName().startsWith("com.anthropic.services.async");
  }

  /** The options of a client are those that it was given. */
  @Override
  public boolean isLeftAlone(Method method) {
    return method.getName().equals("options");
  }

  @Override
  public @Nullable CompletableFuture<?> closingOf(Object answer) {
    return answer instanceof AsyncStreamResponse<?> stream ? stream.onCompleteFuture() : null;
  }

  @Override
  public Wire wire(ClientOptions.Builder options) {
    return Wire.of(options);
  }

  /**
   * Sends from above the interceptors, which the wire has itself. Above them are only retries, of
   * which there are none, and the credentials, which repeat what is answered with status 401: they
   * pass a request that has some.
   */
  @Override
  public void meter(ClientOptions.Builder options, Wire wire, Sending sending) {
    Set<String> names = options.build().headers().names();
    if (!names.contains(Outgoing.API_KEY) && !names.contains("Authorization")) {
      options.putHeader(Outgoing.API_KEY, Outgoing.NO_KEY);
    }
    options.interceptors(List.of(next -> new MeteredTransport(tap, wire, sending))).maxRetries(0);
  }
}
