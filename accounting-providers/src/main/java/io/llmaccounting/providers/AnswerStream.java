package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer as it arrives, cut into pieces anywhere. Keeps figures, never content. Confined
 * to one thread at a time.
 */
public final class AnswerStream {
  static final long MAX_BYTES = 256L * 1024 * 1024;

  private final AnswerState state;
  private final JsonEvents json;
  private final EventFraming framing;
  private long bytes;
  private boolean ended;
  private @Nullable UnreadableAnswerException failure;

  AnswerStream(Shape shape, @Nullable String provider) {
    this.state = new AnswerState(shape, provider);
    this.json = new JsonEvents(state::take);
    this.framing = new EventFraming(json, state::done);
  }

  /**
   * Takes in the next piece.
   *
   * @throws UnreadableAnswerException if it can not be read; {@link #finish()} still gives what was
   *     read before
   * @throws IllegalStateException if the stream was finished or aborted
   */
  public void feed(byte[] piece) {
    feed(piece, 0, piece.length);
  }

  /**
   * Takes in what remains of the next piece.
   *
   * @throws UnreadableAnswerException if it can not be read; {@link #finish()} still gives what was
   *     read before
   * @throws IllegalStateException if the stream was finished or aborted
   */
  public void feed(ByteBuffer piece) {
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    feed(copy, 0, copy.length);
  }

  /**
   * Takes in {@code length} bytes of {@code piece} from {@code offset} on.
   *
   * @throws UnreadableAnswerException if they can not be read; {@link #finish()} still gives what
   *     was read before
   * @throws IllegalStateException if the stream was finished or aborted
   * @throws IndexOutOfBoundsException if the range lies outside {@code piece}
   */
  public void feed(byte[] piece, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, piece.length);
    if (ended) {
      throw new IllegalStateException("stream has ended; start another with UsageReader.stream()");
    }
    if (failure != null) {
      throw failure;
    }
    try {
      bytes += length;
      if (bytes > MAX_BYTES) {
        throw unreadable("is longer than " + MAX_BYTES + " bytes", null);
      }
      framing.take(piece, offset, length);
    } catch (JsonEvents.Malformed e) {
      throw unreadable(e.problem(), e.getCause());
    }
  }

  /** All tokens as last reported; empty while none were. Running figures, never final ones. */
  public Optional<TokenUsage> tokensSoFar() {
    return state.tokensSoFar();
  }

  /** Output tokens as last reported; empty while none were. Running figures, never a final one. */
  public OptionalLong outputTokensSoFar() {
    return state
        .tokensSoFar()
        .map(tokens -> OptionalLong.of(tokens.output()))
        .orElseGet(OptionalLong::empty);
  }

  /**
   * Ends the stream where the connection ended. Asking again gives an equal answer.
   *
   * @return REPORTED if the terminal marker was seen, else PARTIAL, or MISSING without usage
   */
  public ReadAnswer finish() {
    end();
    return state.answer(failure == null && state.terminated());
  }

  /**
   * Ends the stream because the caller no longer wants it: PARTIAL, or MISSING without usage,
   * unless the terminal marker had arrived before.
   */
  public ReadAnswer abort() {
    return finish();
  }

  /** Whether anything was marked as a piece of a stream. */
  boolean inPieces() {
    return state.inPieces();
  }

  /** The shape that was told or recognised so far. */
  Shape shape() {
    return state.shape();
  }

  /**
   * How many characters of text the model has put out so far, reasoning and arguments of tools
   * included. A lower bound: of one text that is longer only 4,096 bytes count, and not those that
   * have come of an event that is not whole yet.
   */
  public long charactersSoFar() {
    return state.characters();
  }

  /** Whether the provider's own terminal marker was seen, or something that calls itself whole. */
  public boolean isTerminated() {
    return state.terminated();
  }

  /**
   * Whether the provider has said that it failed, in place of an answer or in the middle of one.
   */
  public boolean isFailed() {
    return state.failed();
  }

  /** Whether what came is one whole JSON object, and no piece of a stream. */
  public boolean isWhole() {
    return failure == null
        && framing.isJson()
        && !json.isOpen()
        && json.events() == 1
        && !state.inPieces();
  }

  /**
   * Ends an answer of which nothing more can come: REPORTED also if it is one whole JSON object,
   * which has no terminal marker. Asking again gives an equal answer.
   *
   * @throws UnreadableAnswerException if it is neither JSON nor an event stream, ends in the middle
   *     of its JSON, or holds several answers, which have no figures in common
   */
  public ReadAnswer finishWhole() {
    end();
    if (framing.isJson()) {
      if (json.isOpen()) {
        throw unreadable("ends in the middle of its JSON", null);
      }
      if (state.isOfSeveral()) {
        throw several();
      }
      return state.answer(state.terminated() || isWhole());
    }
    if (!framing.sawData()) {
      throw unreadable("is neither JSON nor an event stream", null);
    }
    if (state.isOfSeveral()) {
      throw several();
    }
    return state.answer(state.terminated());
  }

  private UnreadableAnswerException several() {
    return unreadable(
        "holds several answers: read each alone, or all of them with HistoryReader", null);
  }

  private void end() {
    if (!ended) {
      ended = true;
      if (failure == null) {
        framing.end();
      }
      json.close();
    }
  }

  private UnreadableAnswerException unreadable(String problem, @Nullable Throwable cause) {
    UnreadableAnswerException e = new UnreadableAnswerException(problem, bytes, cause);
    failure = e;
    return e;
  }
}
