package io.llmaccounting.providers;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an answer has said so far. Confined to one thread. */
final class AnswerState {
  private static final long MAX_COUNT = 1_000_000_000_000L;

  private final BitSet begunChoices = new BitSet();
  private final BitSet endedChoices = new BitSet();
  private final Map<String, Long> extras = new TreeMap<>();
  private final @Nullable String toldProvider;
  private @Nullable Dialect dialect;
  private @Nullable String provider;
  private @Nullable String model;
  private @Nullable String id;
  private @Nullable String finishReason;
  private @Nullable String serviceTier;
  private @Nullable UsageTree usage;
  private boolean content;
  private boolean terminated;
  private boolean inPieces;

  AnswerState(Shape shape, @Nullable String provider) {
    this.dialect = Dialects.of(shape);
    this.toldProvider = provider;
  }

  void take(AnswerEvent event) {
    if (dialect == null) {
      dialect = Dialects.recognise(event);
    }
    content |= event.content;
    inPieces |= event.isPiece();
    begunChoices.or(event.begunChoices);
    endedChoices.or(event.endedChoices);
    event.counts.forEach((name, count) -> extra(name, count));
    if (dialect != null) {
      dialect.take(event, this);
    }
  }

  /** The marker that ends a stream of chat completions. */
  void done() {
    if (dialect != null && dialect.shape() == Shape.OPENAI_CHAT) {
      terminated = true;
    }
  }

  void provider(String name) {
    provider = name;
  }

  void model(@Nullable String name) {
    model = name == null ? model : name;
  }

  void id(@Nullable String text) {
    id = text == null ? id : text;
  }

  void finishReason(@Nullable String word) {
    finishReason = word == null ? finishReason : word;
  }

  void serviceTier(@Nullable String word) {
    serviceTier = word == null ? serviceTier : word;
  }

  void usage(@Nullable UsageTree reported) {
    usage = reported == null ? usage : reported;
  }

  void growUsage(@Nullable UsageTree reported) {
    if (reported != null) {
      usage = usage == null ? reported : usage.grownBy(reported);
    }
  }

  /** A count of what is billed apart; of several reports the largest holds. */
  void extra(String name, long count) {
    if (count > 0 && count <= MAX_COUNT) {
      extras.merge(name, count, Math::max);
    }
  }

  void terminated(boolean seen) {
    terminated |= seen;
  }

  boolean terminated() {
    return terminated;
  }

  /** Whether anything was marked as a piece of a stream. */
  boolean inPieces() {
    return inPieces;
  }

  boolean isProvider(String name) {
    return name.equals(toldProvider == null ? provider : toldProvider);
  }

  @Nullable String model() {
    return model;
  }

  /** Whether every choice that has begun has ended, and there is one. */
  boolean choicesEnded() {
    return !begunChoices.isEmpty() && begunChoices.equals(endedChoices);
  }

  Optional<TokenUsage> tokensSoFar() {
    return Optional.ofNullable(tokens());
  }

  ReadAnswer answer(boolean complete) {
    TokenUsage tokens = tokens();
    String raw = null;
    if (usage != null && (tokens == null || tokens.contradictsReportedTotal())) {
      raw = usage.json();
    }
    TokenSource source =
        tokens == null
            ? TokenSource.MISSING
            : complete ? TokenSource.REPORTED : TokenSource.PARTIAL;
    return new ReadAnswer(
        ModelAnswer.builder()
            .provider(toldProvider == null ? provider : toldProvider)
            .responseModel(StorableName.orNull(model))
            .responseId(StorableName.orNull(id))
            .tokens(tokens)
            .source(source)
            .extras(extras)
            .finishReason(StorableName.orNull(finishReason))
            .serviceTier(StorableName.orNull(serviceTier))
            .rawUsage(raw)
            .build(),
        dialect == null ? Shape.UNKNOWN : dialect.shape());
  }

  /** The tokens; null where none were reported, or where what was reported can not be true. */
  private @Nullable TokenUsage tokens() {
    if (dialect == null || usage == null) {
      return null;
    }
    try {
      dialect.extras(usage, this);
      TokenUsage tokens = dialect.tokens(usage, this);
      // Some clients and gateways fill in zeros where the provider reported nothing.
      return tokens.total() == 0 && content ? null : tokens;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
