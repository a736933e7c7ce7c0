package io.llmaccounting.langchain4j;

import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import io.llmaccounting.providers.AnswerStream;
import io.llmaccounting.providers.UnreadableAnswerException;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.tap.internal.Accessors;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.tap.internal.ToldAnswer.End;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads chat responses. Modules that hand out what came over the network are read from that, like
 * all other adapters; of others, LangChain4j's own figures are taken.
 */
final class ChatAnswer {
  // These tell running usage in each piece, so that usage says nothing of the end.
  private static final Set<ModelProvider> OF_GOOGLE =
      Set.of(
          ModelProvider.GOOGLE_AI_GEMINI,
          ModelProvider.GOOGLE_GENAI,
          ModelProvider.GOOGLE_VERTEX_AI_GEMINI);

  private final ChatResponseMetadata metadata;
  private final UsageReader reader;
  private @Nullable RuntimeException trouble;

  private ChatAnswer(ChatResponseMetadata metadata, UsageReader reader) {
    this.metadata = metadata;
    this.reader = reader;
  }

  /** Reads whole answers. */
  static Asking.Reading<ChatResponse> whole(UsageReader reader) {
    return (response, isRead) -> {
      ChatAnswer answer = new ChatAnswer(response.metadata(), reader);
      ModelAnswer raw = isRead ? null : answer.body();
      return ToldAnswer.whole(raw == null ? answer.figures() : raw, answer.trouble);
    };
  }

  /** Reads answers of {@code provider} that were streamed. How one ended that is read, is known. */
  static Asking.Reading<ChatResponse> streamed(
      UsageReader reader, @Nullable ModelProvider provider) {
    return (response, isRead) -> {
      ChatAnswer answer = new ChatAnswer(response.metadata(), reader);
      if (isRead) {
        // what LangChain4j knows of it comes from the same bytes
        return ToldAnswer.whole(ModelAnswer.withoutUsage(), null);
      }
      ToldAnswer raw = answer.events();
      return raw == null ? answer.byFigures(provider) : raw;
    };
  }

  private @Nullable ModelAnswer body() {
    if (Accessors.ask(metadata, "rawHttpResponse") instanceof SuccessfulHttpResponse raw
        && raw.body() != null) {
      try {
        ModelAnswer read = reader.read(raw.body()).answer();
        return read.tokens() == null ? null : read;
      } catch (UnreadableAnswerException e) {
        trouble = e;
      }
    }
    return null;
  }

  private @Nullable ToldAnswer events() {
    if (!(Accessors.ask(metadata, "rawServerSentEvents") instanceof List<?> events)
        || events.isEmpty()) {
      return null;
    }
    AnswerStream stream = reader.stream();
    try {
      events.forEach(event -> feed(stream, event));
      if (metadata.finishReason() != null) {
        // the modules leave out the mark that follows the last event
        stream.feed("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
      }
    } catch (UnreadableAnswerException e) {
      trouble = e;
    }
    ModelAnswer read = stream.finish().answer();
    if (stream.isFailed()) {
      return new ToldAnswer(read, End.FAILED, trouble);
    }
    boolean ended = stream.isTerminated() || metadata.finishReason() != null;
    if (!ended) {
      return new ToldAnswer(read, End.EARLY, trouble);
    }
    return ToldAnswer.whole(read.tokens() == null ? figures() : read, trouble);
  }

  private static void feed(AnswerStream stream, Object told) {
    if (told instanceof ServerSentEvent event) {
      stream.feed(Events.bytes(event));
    }
  }

  private ToldAnswer byFigures(@Nullable ModelProvider provider) {
    ModelAnswer answer = figures();
    boolean early = metadata.finishReason() == null && !endsWithout(answer, provider);
    return new ToldAnswer(answer, early ? End.EARLY : End.WHOLE, trouble);
  }

  /** Whether an answer may have ended without a reason: nobody knows the model, or usage came. */
  private static boolean endsWithout(ModelAnswer answer, @Nullable ModelProvider provider) {
    return provider == null
        || provider == ModelProvider.OTHER
        || (answer.tokens() != null && !OF_GOOGLE.contains(provider));
  }

  private ModelAnswer figures() {
    return ModelAnswer.builder()
        .responseModel(StorableName.orNull(metadata.modelName()))
        .responseId(StorableName.orNull(metadata.id()))
        .finishReason(word(metadata.finishReason()))
        .tokens(tokens())
        .build();
  }

  private @Nullable TokenUsage tokens() {
    try {
      return Figures.of(metadata.tokenUsage());
    } catch (RuntimeException e) {
      trouble = e;
      return null;
    }
  }

  private static @Nullable String word(@Nullable FinishReason reason) {
    return reason == null ? null : reason.name().toLowerCase(Locale.ROOT);
  }
}
