package io.llmaccounting.providers.request;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every shape of request, and which of them one has. */
final class RequestDialects {
  /** Of two that are equally sure, the first holds. */
  static final List<RequestDialect> ALL =
      Stream.of(
              OpenAiRequests.chat(),
              OpenAiRequests.responses(),
              OpenAiRequests.completions(),
              OpenAiRequests.embeddings(),
              OpenAiRequests.images(),
              OpenAiRequests.audio(),
              OpenAiRequests.speech(),
              AnthropicRequests.messages(),
              GoogleRequests.generate(),
              GoogleRequests.embed(),
              AmazonRequests.converse(),
              AmazonRequests.invoke(),
              OtherRequests.cohereChat(),
              OtherRequests.cohereEmbed(),
              OtherRequests.rerank(),
              OtherRequests.ollamaChat(),
              OtherRequests.ollamaGenerate(),
              OtherRequests.ollamaEmbed(),
              OtherRequests.dashScopeChat(),
              OtherRequests.dashScopeEmbed(),
              OpenAiRequests.ocr())
          .map(RequestDialect::new)
          .toList();

  private static final Map<RequestShape, List<RequestDialect>> OF_SHAPE =
      ALL.stream().collect(Collectors.groupingBy(dialect -> dialect.fields().shape()));

  private RequestDialects() {}

  /** The shapes that a request can have whose path says this. */
  static List<RequestDialect> of(RequestPath path) {
    if (path.shape() == RequestShape.UNKNOWN) {
      return ALL;
    }
    List<RequestDialect> shaped = OF_SHAPE.getOrDefault(path.shape(), List.of());
    if (shaped.size() == 1) {
      return shaped;
    }
    List<RequestDialect> meant =
        shaped.stream()
            .filter(dialect -> dialect.fields().operation().equals(path.operation()))
            .toList();
    return meant.isEmpty() ? shaped : meant;
  }

  /** The one of {@code captures} that most surely fits the request; null where none fits. */
  static @Nullable FieldCapture surest(List<FieldCapture> captures) {
    FieldCapture best = null;
    int most = 0;
    for (FieldCapture capture : captures) {
      int evidence = capture.evidence(capture.word(RequestWord.MODEL));
      if (evidence > most) {
        most = evidence;
        best = capture;
      }
    }
    return best;
  }
}
