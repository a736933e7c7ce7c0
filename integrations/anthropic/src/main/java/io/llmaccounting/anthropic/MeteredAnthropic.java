package io.llmaccounting.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClientAsync;
import com.anthropic.core.http.Headers;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.CallHeader;
import io.llmaccounting.tap.internal.StandIn;
import io.llmaccounting.usage.Attribution;
import java.util.Objects;

/**
 * Meters the messages that clients of Anthropic's SDK ask of models, on whatever platform; all else
 * passes untouched: counted tokens, batches, files, models. Each call is one record, however often
 * the SDK repeats its request. Immutable and safe for use by many threads, as the clients are that
 * it returns.
 *
 * <p>A denial is thrown as {@link io.llmaccounting.limit.QuotaExceededException}, and futures fail
 * with it; nothing is sent, and nothing repeats it. One that comes while an answer streams, because
 * the answer outgrew a limit, is thrown where the next event is asked for.
 *
 * <p>Who calls is in the {@link CallContext} of the thread that calls, for asynchronous clients
 * too. A future of an asynchronous client that is cancelled ends its call.
 */
public final class MeteredAnthropic {
  private final Tap tap;

  private MeteredAnthropic(Tap tap) {
    this.tap = Objects.requireNonNull(tap, "tap is required, was null");
  }

  /** Builds a client and meters it by {@code meter}. */
  public static AnthropicClient of(AnthropicOkHttpClient.Builder client, CallMeter meter) {
    return of(client.build(), meter);
  }

  /** Meters {@code client} by {@code meter}. Closing what is returned closes {@code client}. */
  public static AnthropicClient of(AnthropicClient client, CallMeter meter) {
    return by(Tap.of(meter)).meter(client);
  }

  /** Builds a client and meters it by {@code meter}. */
  public static AnthropicClientAsync of(
      AnthropicOkHttpClientAsync.Builder client, CallMeter meter) {
    return of(client.build(), meter);
  }

  /** Meters {@code client} by {@code meter}. Closing what is returned closes {@code client}. */
  public static AnthropicClientAsync of(AnthropicClientAsync client, CallMeter meter) {
    return by(Tap.of(meter)).meter(client);
  }

  /** Meters clients as {@code tap} says. */
  public static MeteredAnthropic by(Tap tap) {
    return new MeteredAnthropic(tap);
  }

  /** Meters {@code client}. Closing what is returned closes {@code client}. */
  public AnthropicClient meter(AnthropicClient client) {
    return StandIn.of(AnthropicClient.class, client, new AnthropicSdk(tap));
  }

  /** Meters {@code client}. Closing what is returned closes {@code client}. */
  public AnthropicClientAsync meter(AnthropicClientAsync client) {
    return StandIn.of(AnthropicClientAsync.class, client, new AnthropicSdk(tap));
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
