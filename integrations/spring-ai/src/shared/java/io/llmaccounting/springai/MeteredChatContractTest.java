package io.llmaccounting.springai;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.ModelAnswer;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/** Chat models, whole and streamed, by what Spring AI itself hands out of their answers. */
class MeteredChatContractTest {
  /** What all models of Spring AI have in common. */
  abstract static class ChatContract extends TapContract {
    private final Providers models;

    ChatContract(Providers models) {
      this.models = models;
    }

    @Override
    protected ProviderShape shape() {
      return models.shape();
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new AppClient(
          question -> MeteredChatModel.of(models.chat(uri, question), meter), models::options);
    }

    @Override
    protected TapClient bare(URI uri) {
      return new AppClient(question -> models.chat(uri, question), models::options);
    }

    @Override
    protected ModelAnswer handedOut(ModelAnswer answer, boolean streamed) {
      return models.handedOut(answer, streamed);
    }

    @Override
    protected boolean seesAttempts() {
      return false;
    }

    @Override
    protected boolean handsOutWhatComesWithABreak() {
      return false;
    }

    @Override
    protected boolean failsOverUsageThatItCannotRead() {
      return true;
    }

    @Override
    protected boolean cancellingReachesTheRequest() {
      return false;
    }

    @Override
    protected int piecesHeldBack() {
      return models.piecesHeldBack();
    }

    @Override
    protected boolean keepsItsStreams() {
      return true;
    }
  }

  @Nested
  class OpenAi extends ChatContract {
    OpenAi() {
      super(Providers.OPENAI);
    }
  }

  @Nested
  class Anthropic extends ChatContract {
    Anthropic() {
      super(Providers.ANTHROPIC);
    }
  }
}
