package io.llmaccounting.http;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Nested;

/** The JDK's client, with each provider. */
class JdkClientTest {
  abstract static class Contract extends TapContract {
    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new JdkClient(shape(), MeteredHttpClient.of(http, meter), meter, uri);
    }

    @Override
    protected Class<? extends Throwable> stopComesAs() {
      return IOException.class;
    }

    @Override
    protected boolean cancellingMayBreakOthersOff() {
      return true;
    }

    @Override
    protected TapClient bare(URI uri) {
      return new JdkClient(shape(), http, null, uri);
    }
  }

  @Nested
  class OpenAiChat extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.OPENAI_CHAT;
    }
  }

  @Nested
  class OpenAiResponses extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.OPENAI_RESPONSES;
    }
  }

  @Nested
  class Anthropic extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.ANTHROPIC_MESSAGES;
    }
  }

  @Nested
  class Gemini extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.GEMINI;
    }
  }

  @Nested
  class Bedrock extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.BEDROCK_CONVERSE;
    }
  }
}
