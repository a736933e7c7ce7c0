package io.llmaccounting.bedrock;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.usage.Attribution;
import java.util.Objects;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClientBuilder;

/**
 * Meters what clients of the AWS SDK ask models on Amazon Bedrock; everything else that they do
 * passes untouched. Each call is one record, however often the SDK repeats its request. Immutable
 * and safe for use by many threads, as the clients are that it returns.
 *
 * <p>A denial is thrown as {@link io.llmaccounting.limit.QuotaExceededException}, and futures fail
 * with it; the SDK is not even called, so that nothing is sent, and nothing repeats it. One that
 * comes while an answer streams, because the answer outgrew a limit, is what the future of the call
 * fails with.
 *
 * <p>Who calls is in the {@link CallContext} of the thread that calls, for asynchronous clients
 * too. A future of an asynchronous client that is cancelled ends its call.
 */
public final class MeteredBedrock {
  private final Tap tap;

  private MeteredBedrock(Tap tap) {
    this.tap = Objects.requireNonNull(tap, "tap is required, was null");
  }

  /** Builds a client and meters it by {@code meter}. */
  public static BedrockRuntimeClient of(BedrockRuntimeClientBuilder client, CallMeter meter) {
    return of(client.build(), meter);
  }

  /** Meters {@code client} by {@code meter}. Closing what is returned closes {@code client}. */
  public static BedrockRuntimeClient of(BedrockRuntimeClient client, CallMeter meter) {
    return by(Tap.of(meter)).meter(client);
  }

  /** Builds a client and meters it by {@code meter}. */
  public static BedrockRuntimeAsyncClient of(
      BedrockRuntimeAsyncClientBuilder client, CallMeter meter) {
    return of(client.build(), meter);
  }

  /** Meters {@code client} by {@code meter}. Closing what is returned closes {@code client}. */
  public static BedrockRuntimeAsyncClient of(BedrockRuntimeAsyncClient client, CallMeter meter) {
    return by(Tap.of(meter)).meter(client);
  }

  /** Meters clients as {@code tap} says. */
  public static MeteredBedrock by(Tap tap) {
    return new MeteredBedrock(tap);
  }

  /** Meters {@code client}. Closing what is returned closes {@code client}. */
  public BedrockRuntimeClient meter(BedrockRuntimeClient client) {
    return MeteredClient.of(BedrockRuntimeClient.class, client, tap);
  }

  /** Meters {@code client}. Closing what is returned closes {@code client}. */
  public BedrockRuntimeAsyncClient meter(BedrockRuntimeAsyncClient client) {
    return MeteredClient.of(BedrockRuntimeAsyncClient.class, client, tap);
  }

  /**
   * Says who makes one call, by the override configuration of its request: {@code
   * overrideConfiguration(o -> o.addPlugin(MeteredBedrock.attribution(alice)))}. It comes before
   * the {@link CallContext}. The plugin changes nothing of what is sent.
   */
  public static SdkPlugin attribution(Attribution attribution) {
    return new Said(CallContext.of(attribution));
  }

  /** A plugin, as that of {@link #attribution}, of a call that is not metered. */
  public static SdkPlugin unmetered() {
    return new Said(CallContext.unmetered());
  }
}
