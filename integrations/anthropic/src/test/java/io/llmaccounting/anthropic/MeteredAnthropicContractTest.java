package io.llmaccounting.anthropic;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/** Anthropic's SDK, blocking and asynchronous, and its beta. */
class MeteredAnthropicContractTest {
  @Nested
  class Blocking extends TapContract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.ANTHROPIC_MESSAGES;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient.Blocking(MeteredAnthropic.of(SdkClient.builder(uri), meter));
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient.Blocking(SdkClient.builder(uri).build());
    }
  }

  @Nested
  class Async extends TapContract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.ANTHROPIC_MESSAGES;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient.Async(MeteredAnthropic.of(SdkClient.asyncBuilder(uri), meter));
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient.Async(SdkClient.asyncBuilder(uri).build());
    }
  }

  @Nested
  class Beta extends TapContract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.ANTHROPIC_MESSAGES;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient.Beta(MeteredAnthropic.of(SdkClient.builder(uri), meter));
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient.Beta(SdkClient.builder(uri).build());
    }
  }
}
