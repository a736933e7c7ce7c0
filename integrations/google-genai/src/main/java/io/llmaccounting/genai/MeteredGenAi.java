package io.llmaccounting.genai;

import com.google.genai.types.ClientOptions;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.http.MeteredOkHttp;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.CallHeader;
import io.llmaccounting.usage.Attribution;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/**
 * Meters what clients of Google's Gen AI SDK ask models, of the Gemini API and of Vertex AI:
 * everything else that they do passes untouched. Each request is one record, however often the SDK
 * repeats it. Immutable and safe for use by many threads.
 *
 * <p>A denial is thrown by a client as {@link io.llmaccounting.limit.QuotaExceededException};
 * nothing is sent, and nothing repeats it. The futures of {@code client.async} fail with {@code
 * GenAiIOException}, and the denial is in its causes. A denial that comes while an answer streams,
 * because the answer outgrew a limit, is thrown where the next chunk is asked for.
 *
 * <p>Who calls is in the {@link CallContext} of the thread that calls, for {@code client.async}
 * too. The SDK does not hear that a future of its own was cancelled: the request runs on, and is
 * recorded as what it was.
 */
public final class MeteredGenAi {
  private final Tap tap;

  private MeteredGenAi(Tap tap) {
    this.tap = Objects.requireNonNull(tap, "tap is required, was null");
  }

  /**
   * Options, for {@code Client.builder().clientOptions(..)}, of a client that is metered by {@code
   * meter} and is otherwise as the SDK makes one.
   */
  public static ClientOptions options(CallMeter meter) {
    return by(Tap.of(meter)).options();
  }

  /** The same of a client that sends as {@code client} does; both share their connections. */
  public static ClientOptions options(OkHttpClient client, CallMeter meter) {
    return by(Tap.of(meter)).options(client);
  }

  /** Meters clients as {@code tap} says. */
  public static MeteredGenAi by(Tap tap) {
    return new MeteredGenAi(tap);
  }

  /** Options of a client that is metered, and is otherwise as the SDK makes one. */
  public ClientOptions options() {
    // the SDK waits without an end, unless its HttpOptions say otherwise
    return options(
        new OkHttpClient.Builder()
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build());
  }

  /**
   * Options of a client that is metered and sends as {@code client} does; both share their
   * connections. The SDK goes by no other of its options then: a proxy is said to {@code client}.
   */
  public ClientOptions options(OkHttpClient client) {
    OkHttpClient metered = MeteredOkHttp.of(client, tap);
    SaidByHeader said = new SaidByHeader(tap);
    EventListener.Factory listeners = metered.eventListenerFactory();
    OkHttpClient.Builder builder = metered.newBuilder();
    builder.interceptors().add(0, said);
    return ClientOptions.builder()
        .customHttpClient(
            builder.eventListenerFactory(call -> said.create(call, listeners)).build())
        .build();
  }

  /**
   * Says who makes one call, by headers of its {@code HttpOptions}; they come before the {@link
   * CallContext}, and are taken out of what is sent.
   */
  public static Map<String, String> attribution(Attribution attribution) {
    return Map.of(CallHeader.NAME, CallHeader.of(attribution));
  }

  /** Headers, as {@link #attribution}, of a call that is not metered. */
  public static Map<String, String> unmetered() {
    return Map.of(CallHeader.NAME, CallHeader.UNMETERED);
  }
}
