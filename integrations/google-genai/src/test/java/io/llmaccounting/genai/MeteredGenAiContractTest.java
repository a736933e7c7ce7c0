package io.llmaccounting.genai;

import com.google.genai.errors.GenAiIOException;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/** Google's Gen AI SDK, by its blocking half and by its asynchronous one. */
class MeteredGenAiContractTest {
  abstract static class Contract extends TapContract {
    private final boolean waits;

    Contract(boolean waits) {
      this.waits = waits;
    }

    @Override
    protected ProviderShape shape() {
      return ProviderShape.GEMINI;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new SdkClient(SdkClient.of(uri, MeteredGenAi.options(meter)), waits);
    }

    @Override
    protected TapClient bare(URI uri) {
      return new SdkClient(SdkClient.of(uri, null), waits);
    }

    @Override
    protected Class<? extends Throwable> asyncDenialComesAs() {
      return GenAiIOException.class;
    }

    @Override
    protected boolean cancellingReachesTheRequest() {
      return false;
    }
  }

  @Nested
  class Blocking extends Contract {
    Blocking() {
      super(false);
    }
  }

  @Nested
  class Asynchronous extends Contract {
    Asynchronous() {
      super(true);
    }

    @Override
    protected Class<? extends Throwable> denialComesAs() {
      return GenAiIOException.class;
    }

    @Override
    protected Class<? extends Throwable> stopComesAs() {
      return QuotaExceededException.class;
    }
  }
}
