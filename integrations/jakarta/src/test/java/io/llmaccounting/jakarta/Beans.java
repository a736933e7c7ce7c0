package io.llmaccounting.jakarta;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.ReturnReader;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Beans of an application. */
final class Beans {
  private Beans() {}

  /** The accounting of the application. */
  @ApplicationScoped
  static class Setup {
    @Produces
    @Singleton
    LlmAccounting accounting() {
      return LlmAccounting.builder(InMemoryBackend.create()).withoutShutdownHook().build();
    }

    void close(@Disposes LlmAccounting accounting) {
      accounting.close();
    }
  }

  /** What a client without an adapter answers. */
  record Answer(String text, int in, int out) {}

  /** Reads that. */
  @ApplicationScoped
  static class AnswerOfOurs implements ReturnReader {
    @Override
    public Optional<ModelAnswer> read(Object returned) {
      return returned instanceof Answer answer
          ? Optional.of(ModelAnswer.of(TokenUsage.of(answer.in(), answer.out())))
          : Optional.empty();
    }
  }

  /** Asks models in all ways. */
  @ApplicationScoped
  static class Assistant {
    @Inject CallMeter meter;

    @TrackLlmUsage(model = "gpt-5-mini", project = "search", maxOutputTokens = 500)
    Answer ask(String question) {
      return new Answer("Hello", 7, 3);
    }

    @TrackLlmUsage(model = "gpt-5-mini", user = "nobody")
    Answer askAs(
        @LlmParam(LlmParam.Part.USER) String user,
        @LlmParam(LlmParam.Part.MODEL) String model,
        @LlmParam(LlmParam.Part.SESSION) long session) {
      return new Answer("Hello " + user, 7, 3);
    }

    @TrackLlmUsage(project = "search")
    String throughAClient() {
      for (int turn = 1; turn <= 3; turn++) {
        Exchange exchange =
            Tap.of(meter).request(CallRequest.to("gpt-5-mini"), false).orElseThrow().begin();
        exchange.answered(ModelAnswer.of(TokenUsage.of(turn, turn)));
        Exchange.await(exchange.completed());
      }
      return "done";
    }

    @TrackLlmUsage(model = "gpt-5-mini")
    CompletionStage<Answer> later(CompletableFuture<Answer> answer) {
      return answer;
    }

    @TrackLlmUsage(model = "gpt-5-mini")
    Answer fail() throws IOException {
      throw new IOException("no route to host");
    }

    @TrackLlmUsage(user = "alice")
    Attribution whoCalls() {
      return CallContext.current().attribution();
    }
  }

  /** Says once for all of its methods. */
  @ApplicationScoped
  @TrackLlmUsage(model = "gpt-5-mini", caller = "ranker")
  static class Ranker {
    Answer rank() {
      return new Answer("1", 9, 1);
    }

    @TrackLlmUsage(model = "gpt-5")
    Answer rankWell() {
      return new Answer("2", 9, 1);
    }
  }

  /** Says who calls. */
  @ApplicationScoped
  static class Caller implements LlmCaller {
    private volatile Attribution attribution = Attribution.NONE;

    void becomes(Attribution who) {
      attribution = who;
    }

    @Override
    public Attribution attribution() {
      return attribution;
    }
  }
}
