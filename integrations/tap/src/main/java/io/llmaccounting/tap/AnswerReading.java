package io.llmaccounting.tap;

import io.llmaccounting.providers.AnswerStream;
import io.llmaccounting.providers.ReadAnswer;
import io.llmaccounting.providers.UnreadableAnswerException;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer as it passes. What can not be read is not thrown: the result tells of it.
 * Confined to one thread at a time.
 */
final class AnswerReading {
  /** Is told as soon as more of an answer is known. */
  interface News {
    /** All characters of text so far. */
    void text(long characters);

    /** All tokens so far, as the provider reports them. */
    void tokens(TokenUsage tokens);
  }

  /**
   * What an answer was, at its end.
   *
   * @param answer what it told, or as much as came
   * @param complete whether it came to the end that its provider gives to answers, or nobody can
   *     tell
   * @param ended whether that end was seen, or an error of the provider's
   * @param failed whether the provider told of an error
   * @param trouble why it could not be read, null if it could
   */
  record Result(
      ModelAnswer answer,
      boolean complete,
      boolean ended,
      boolean failed,
      @Nullable Throwable trouble) {
    /** Nothing was read: {@code given} is what an adapter knows, null if it knows nothing. */
    static Result of(@Nullable ModelAnswer given) {
      ModelAnswer known = given == null ? ModelAnswer.withoutUsage() : given;
      return new Result(known, true, given != null, false, null);
    }

    /** What the answer says of itself, without tokens: those of a cut one are told as they came. */
    ModelAnswer named() {
      boolean whole =
          answer.source() == TokenSource.REPORTED || answer.source() == TokenSource.ESTIMATED;
      return whole
          ? answer
          : ModelAnswer.builder()
              .provider(answer.provider())
              .responseModel(answer.responseModel())
              .responseId(answer.responseId())
              .build();
    }
  }

  private final AnswerStream stream;
  private final News news;
  private final boolean inEvents;
  private final @Nullable Bytes first;
  private final ErrorEvent error = new ErrorEvent();
  private long characters;
  private @Nullable TokenUsage tokens;
  private @Nullable Throwable trouble;

  private AnswerReading(UsageReader reader, Headers headers, boolean streamed, News news) {
    this.stream = reader.stream();
    this.news = news;
    this.inEvents = headers.inEvents();
    Bytes last = streamed || inEvents ? this::line : this::whole;
    Bytes framed = headers.inFrames() ? new EventFrames(last) : last;
    this.first = !headers.isText() ? null : headers.isPacked() ? new Unpacked(framed) : framed;
  }

  /** What the headers of an answer say of its body. */
  record Headers(String type, String encoding) {
    static Headers of(@Nullable String type, @Nullable String encoding) {
      return new Headers(lower(type), lower(encoding));
    }

    private static String lower(@Nullable String header) {
      return header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
    }

    boolean inFrames() {
      return type.startsWith("application/vnd.amazon.eventstream");
    }

    boolean inEvents() {
      return inFrames() || type.startsWith("text/event-stream") || type.contains("ndjson");
    }

    boolean isPacked() {
      return encoding.equals("gzip") || encoding.equals("x-gzip");
    }

    /** Speech and images tell nothing of tokens, nor does what is packed in another way. */
    boolean isText() {
      return (type.isEmpty() || inFrames() || type.contains("json") || type.startsWith("text/"))
          && (encoding.isEmpty() || encoding.equals("identity") || isPacked());
    }
  }

  /** Reads what comes with {@code headers}; {@code streamed} if a stream was asked for. */
  static AnswerReading of(UsageReader reader, Headers headers, boolean streamed, News news) {
    return new AnswerReading(reader, headers, streamed, news);
  }

  void take(byte[] piece, int offset, int length) {
    if (first == null || trouble != null) {
      return;
    }
    try {
      first.take(piece, offset, length);
    } catch (UnreadableBytes | RuntimeException e) {
      trouble = e;
      close();
    }
  }

  /** Gives up what is held outside of the heap; can be repeated. Nothing is taken afterwards. */
  void close() {
    if (first != null) {
      first.close();
    }
  }

  private void whole(byte[] piece, int offset, int length) {
    stream.feed(piece, offset, length);
  }

  /** Line by line, so that what each event tells is told in its order. */
  private void line(byte[] piece, int offset, int length) {
    int from = offset;
    for (int i = offset; i < offset + length; i++) {
      error.take(piece[i]);
      if (piece[i] == '\n') {
        stream.feed(piece, from, i + 1 - from);
        from = i + 1;
        tell();
      }
    }
    stream.feed(piece, from, offset + length - from);
    tell();
  }

  private void tell() {
    long seen = stream.charactersSoFar();
    if (seen > characters) {
      characters = seen;
      news.text(seen);
    }
    Optional<TokenUsage> reported = stream.tokensSoFar();
    if (reported.isPresent() && !reported.get().equals(tokens)) {
      tokens = reported.get();
      news.tokens(reported.get());
    }
  }

  /** The body has come to its end, or nothing more of it will come. */
  Result finish() {
    if (first == null) {
      return new Result(ModelAnswer.withoutUsage(), true, false, false, null);
    }
    close();
    ReadAnswer read = stream.finish();
    boolean complete = stream.isTerminated();
    if (!complete && !inEvents && stream.isWhole()) {
      complete = true;
      read = whole(read);
    }
    boolean failed = error.wasFound() || stream.isFailed();
    // a reader that met something else has told what came before, and not how it ended
    return new Result(
        read.answer(),
        complete || trouble != null,
        failed || (complete && trouble == null),
        failed,
        trouble);
  }

  private ReadAnswer whole(ReadAnswer otherwise) {
    try {
      return stream.finishWhole();
    } catch (UnreadableAnswerException e) {
      trouble = e;
      return otherwise;
    }
  }
}
