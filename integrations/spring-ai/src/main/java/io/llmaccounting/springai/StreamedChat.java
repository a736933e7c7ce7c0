package io.llmaccounting.springai;

import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.tap.internal.ToldAnswer.End;
import io.llmaccounting.tap.internal.Underway;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * What has come of a streamed answer. Usage comes in several pieces, each time all of it: the last
 * counts. For one stream, whose pieces come one after the other.
 */
final class StreamedChat {
  private final Underway underway;
  private final Streaming.Told how;
  private long characters;
  private @Nullable ChatResponseMetadata named;
  private @Nullable ChatResponseMetadata counted;
  private @Nullable String finish;

  StreamedChat(Underway underway, Streaming.Told how) {
    this.underway = underway;
    this.how = how;
  }

  /**
   * The next piece.
   *
   * @throws io.llmaccounting.limit.QuotaExceededException if the answer has outgrown a limit
   */
  void seen(ChatResponse piece) {
    characters += ChatAnswer.characters(piece);
    ChatResponseMetadata metadata = piece.getMetadata();
    if (metadata != null && metadata.getId() != null && !metadata.getId().isBlank()) {
      named = metadata;
    }
    String reason = ChatAnswer.finish(piece);
    finish = reason == null ? finish : reason;
    boolean news = ChatAnswer.hasUsage(metadata) && !usageOf(metadata).equals(usageOf(counted));
    counted = news ? metadata : counted;
    if (!underway.isRead()) {
      underway.exchange().textSeen(characters);
      if (news && finish == null) {
        running();
      }
    }
  }

  private static Object usageOf(@Nullable ChatResponseMetadata metadata) {
    Usage usage = metadata == null ? null : metadata.getUsage();
    return usage == null
        ? ""
        : Objects.hash(
            usage.getPromptTokens(), usage.getCompletionTokens(), usage.getTotalTokens());
  }

  private void running() {
    TokenUsage soFar;
    try {
      soFar = ChatAnswer.answer(counted, null, how.module()).tokens();
    } catch (RuntimeException e) {
      // it is told with the end, where it still cannot be read
      return;
    }
    if (soFar != null) {
      underway.exchange().tokensSeen(soFar);
    }
  }

  /** The answer, of which nothing more comes. */
  ToldAnswer end() {
    if (underway.isRead()) {
      // what Spring AI knows of it comes from the same bytes
      return ToldAnswer.whole(ModelAnswer.withoutUsage(), null);
    }
    ChatResponseMetadata best = counted == null ? named : counted;
    ModelAnswer answer = ChatAnswer.answer(best, finish, how.module());
    boolean ended = finish != null || Seller.endsWithout(how.module(), answer.tokens() != null);
    End whole = how.isSum() ? End.SUMMED : End.WHOLE;
    return new ToldAnswer(answer, ended ? whole : End.EARLY, null);
  }
}
