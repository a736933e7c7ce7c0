package io.llmaccounting.tap.internal;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a framework hands it out.
 *
 * @param answer what it says of itself
 * @param end how it ended
 * @param trouble why something of it could not be read, or null
 */
public record ToldAnswer(ModelAnswer answer, End end, @Nullable RuntimeException trouble) {
  /** How an answer ended. */
  public enum End {
    /** As its provider ends answers, or in a way of which nobody can tell. */
    WHOLE,
    /** The same, after requests of which the framework has summed the figures. */
    SUMMED,
    /** Before that. */
    EARLY,
    /** With an error of the provider's. */
    FAILED
  }

  /** An answer that came to its end. */
  public static ToldAnswer whole(ModelAnswer answer, @Nullable RuntimeException trouble) {
    return new ToldAnswer(answer, End.WHOLE, trouble);
  }

  /**
   * Tells {@code exchange} the answer, which layers next to the network may have read more exactly,
   * and its end.
   */
  public CompletionStage<Void> end(Exchange exchange) {
    if (end == End.SUMMED && answer.tokens() != null) {
      exchange.answered(answer);
      return exchange.completed();
    }
    if (end == End.WHOLE || end == End.SUMMED) {
      exchange.assumed(answer);
      return exchange.completed();
    }
    TokenUsage tokens = answer.tokens();
    if (tokens != null) {
      running(exchange, tokens);
    }
    exchange.assumed(
        ModelAnswer.builder()
            .responseModel(answer.responseModel())
            .responseId(answer.responseId())
            .build());
    return exchange.failed(
        end == End.EARLY
            ? new EOFException("the answer ended before the provider had ended it")
            : new IOException("the provider ended the answer with an error"));
  }

  private static void running(Exchange exchange, TokenUsage tokens) {
    try {
      exchange.tokensSeen(tokens);
    } catch (QuotaExceededException e) {
      // the exchange has ended with it, and there is nothing left to stop
    }
  }
}
