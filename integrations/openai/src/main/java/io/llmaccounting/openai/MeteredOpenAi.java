package io.llmaccounting.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.client.okhttp.OpenAIOkHttpClientAsync;
import com.openai.core.http.Headers;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.CallHeader;
import io.llmaccounting.tap.internal.StandIn;
import io.llmaccounting.usage.Attribution;
import java.util.Objects;

/**
 * Meters what clients of OpenAI's SDK send to models; everything else that they do passes
 * untouched. Each call is one record, however often the SDK repeats its request. Immutable and safe
 * for use by many threads, as the clients are that it returns.
 *
 * <p>A denial is thrown as {@link io.llmaccounting.limit.QuotaExceededException}, and futures fail
 * with it; nothing is sent, and nothing repeats it. One that comes while an answer streams, because
 * the answer outgrew a limit, is thrown where the next chunk is asked for.
 *
 * <p>Who calls is in the {@link CallContext} of the thread that calls, for asynchronous clients
 * too. A future of an asynchronous client that is cancelled ends its call.
 */
public final class MeteredOpenAi {
  private final Tap tap;
  private final boolean asksForUsage;

  private MeteredOpenAi(Tap tap, boolean asksForUsage) {
    this.tap = Objects.requireNonNull(tap, "tap is required, was null");
    this.asksForUsage = asksForUsage;
  }

  /** Builds a client and meters it by {@code meter}. */
  public static OpenAIClient of(OpenAIOkHttpClient.Builder client, CallMeter meter) {
    return of(client.build(), meter);
  }

  /** Meters {@code client} by {@code meter}. Closing what is returned closes {@code client}. */
  public static OpenAIClient of(OpenAIClient client, CallMeter meter) {
    return by(Tap.of(meter)).meter(client);
  }

  /** Builds a client and meters it by {@code meter}. */
  public static OpenAIClientAsync of(OpenAIOkHttpClientAsync.Builder client, CallMeter meter) {
    return of(client.build(), meter);
  }

  /** Meters {@code client} by {@code meter}. Closing what is returned closes {@code client}. */
  public static OpenAIClientAsync of(OpenAIClientAsync client, CallMeter meter) {
    return by(Tap.of(meter)).meter(client);
  }

  /** Meters clients as {@code tap} says. */
  public static MeteredOpenAi by(Tap tap) {
    return new MeteredOpenAi(tap, true);
  }

  /**
   * Does not ask for the usage of streamed chats. Without this, {@code
   * stream_options.include_usage} is set in requests that do not set it, and the chunk that brings
   * the usage is kept from the application. For servers that refuse the field; they leave an
   * estimate in the record.
   */
  public MeteredOpenAi withoutAskingForUsage() {
    return new MeteredOpenAi(tap, false);
  }

  /** Meters {@code client}. Closing what is returned closes {@code client}. */
  public OpenAIClient meter(OpenAIClient client) {
    return StandIn.of(OpenAIClient.class, client, new OpenAiSdk(tap, asksForUsage));
  }

  /** Meters {@code client}. Closing what is returned closes {@code client}. */
  public OpenAIClientAsync meter(OpenAIClientAsync client) {
    return StandIn.of(OpenAIClientAsync.class, client, new OpenAiSdk(tap, asksForUsage));
  }

  /**
   * Says who makes one call, by headers of its params ({@code putAllAdditionalHeaders}) or of a
   * client's options; they come before the {@link CallContext}, and are taken out of what is sent.
   */
  public static Headers attribution(Attribution attribution) {
    return Headers.builder().put(CallHeader.NAME, CallHeader.of(attribution)).build();
  }

  /** Headers, as {@link #attribution}, of a call that is not metered. */
  public static Headers unmetered() {
    return Headers.builder().put(CallHeader.NAME, CallHeader.UNMETERED).build();
  }
}
