package io.llmaccounting.openai;

import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.http.AsyncStreamResponse;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Sdk;
import io.llmaccounting.tap.internal.Sending;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's SDK, for the stand-ins of its services.
 *
 * @param asksForUsage whether streamed chats are asked for their usage
 */
record OpenAiSdk(Tap tap, boolean asksForUsage) implements Sdk<ClientOptions.Builder, Wire> {
  @Override
  public boolean isAsynchronous(Class<?> service) {
    return service.getPackageName().startsWith("com.openai.services.async");
  }

  /** Web sockets need the transport as it was given. */
  @Override
  public boolean isLeftAlone(Method method) {
    return method.getName().startsWith("connect");
  }

  @Override
  public @Nullable CompletableFuture<?> closingOf(Object answer) {
    return answer instanceof AsyncStreamResponse<?> stream ? stream.onCompleteFuture() : null;
  }

  @Override
  public Wire wire(ClientOptions.Builder options) {
    return Wire.of(options, asksForUsage);
  }

  @Override
  public void meter(ClientOptions.Builder options, Wire wire, Sending sending) {
    options
        .httpClient(new MeteredTransport(tap, wire, sending))
        .maxRetries(0)
        .logLevel(LogLevel.OFF);
  }
}
