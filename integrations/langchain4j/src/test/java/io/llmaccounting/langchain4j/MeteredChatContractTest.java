package io.llmaccounting.langchain4j;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/** Chat models, whole and streamed, with and without an HTTP client that tells. */
class MeteredChatContractTest {
  /** What all models of LangChain4j have in common. */
  abstract static class ChatContract extends TapContract {
    private final Models models;
    private final ProviderShape shape;

    ChatContract(Models models, ProviderShape shape) {
      this.models = models;
      this.shape = shape;
    }

    @Override
    protected ProviderShape shape() {
      return shape;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return models.metered(meter, uri, TellingHttp::of);
    }

    @Override
    protected TapClient bare(URI uri) {
      return models.bare(uri);
    }

    @Override
    protected boolean handsOutWhatComesWithABreak() {
      return false;
    }

    @Override
    protected boolean keepsItsStreams() {
      return true;
    }
  }

  @Nested
  class OpenAiAlone extends ChatContract {
    OpenAiAlone() {
      super(Models.OPENAI, ProviderShape.OPENAI_CHAT);
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return Models.OPENAI.metered(meter, uri, http -> http);
    }

    @Override
    protected boolean seesAttempts() {
      return false;
    }

    @Override
    protected boolean failsOverUsageThatItCannotRead() {
      return true;
    }
  }

  @Nested
  class OpenAi extends ChatContract {
    OpenAi() {
      super(Models.OPENAI, ProviderShape.OPENAI_CHAT);
    }
  }

  @Nested
  class Anthropic extends ChatContract {
    Anthropic() {
      super(Models.ANTHROPIC, ProviderShape.ANTHROPIC_MESSAGES);
    }
  }

  @Nested
  class Gemini extends ChatContract {
    Gemini() {
      super(Models.GEMINI, ProviderShape.GEMINI);
    }
  }
}
