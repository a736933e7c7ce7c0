package io.llmaccounting.bedrock;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.net.URI;
import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClientBuilder;

/** The AWS SDK, by Converse and by InvokeModel, with the blocking and the asynchronous client. */
class MeteredBedrockContractTest {
  private static BedrockRuntimeClientBuilder blocking(URI uri, int retries) {
    return SdkClient.configured(BedrockRuntimeClient.builder(), uri, retries);
  }

  private static BedrockRuntimeAsyncClientBuilder async(URI uri, int retries) {
    return SdkClient.configured(BedrockRuntimeAsyncClient.builder(), uri, retries)
        .httpClient(SdkClient.HTTP);
  }

  abstract static class Converse extends TapContract {
    private final boolean waits;

    Converse(boolean waits) {
      this.waits = waits;
    }

    @Override
    protected ProviderShape shape() {
      return ProviderShape.BEDROCK_CONVERSE;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient.Converse(
          retries -> MeteredBedrock.of(blocking(uri, retries), meter),
          retries -> MeteredBedrock.of(async(uri, retries), meter),
          waits);
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient.Converse(
          retries -> blocking(uri, retries).build(), retries -> async(uri, retries).build(), waits);
    }
  }

  @Nested
  class InvokeModel extends TapContract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.BEDROCK_INVOKE;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient.Invoke(
          retries -> MeteredBedrock.of(blocking(uri, retries), meter),
          retries -> MeteredBedrock.of(async(uri, retries), meter));
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient.Invoke(
          retries -> blocking(uri, retries).build(), retries -> async(uri, retries).build());
    }
  }

  @Nested
  class Blocking extends Converse {
    Blocking() {
      super(false);
    }
  }

  @Nested
  class Asynchronous extends Converse {
    Asynchronous() {
      super(true);
    }
  }
}
