package io.llmaccounting.openai;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/** OpenAI's SDK, by chat completions and by responses. */
class MeteredOpenAiContractTest {
  @Nested
  class Chat extends TapContract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.OPENAI_CHAT;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient.Chat(MeteredOpenAi.of(SdkClient.builder(uri), meter));
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient.Chat(SdkClient.builder(uri).build());
    }
  }

  @Nested
  class Responses extends TapContract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.OPENAI_RESPONSES;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient.Responses(MeteredOpenAi.of(SdkClient.builder(uri), meter));
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient.Responses(SdkClient.builder(uri).build());
    }
  }
}
