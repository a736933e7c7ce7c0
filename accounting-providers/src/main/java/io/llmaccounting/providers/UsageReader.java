package io.llmaccounting.providers;

import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.usage.ModelAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads usage from what a provider answered: from the JSON of a whole answer or, with {@link
 * #stream()}, from an event stream as it arrives.
 *
 * <p>The shape is recognised by itself unless it was told. Missing usage is MISSING, never zero;
 * figures that contradict one another are MISSING too, with the raw usage kept beside.
 *
 * <p>Memory stays small whatever arrives. Texts are skipped beyond 4,096 bytes; an answer is
 * unreadable if it nests deeper than 500 levels, has a number of more than 1,000 digits, usage of
 * more than 1,000 values, or more than 256 MiB. Safe for use by many threads.
 */
public final class UsageReader {
  private final Shape shape;
  private final @Nullable String provider;

  private UsageReader(Shape shape, @Nullable String provider) {
    this.shape = shape;
    this.provider = provider;
  }

  /** Recognises the shape of each answer by itself. */
  public static UsageReader create() {
    return new UsageReader(Shape.UNKNOWN, null);
  }

  /** Reads answers as {@code shape}; UNKNOWN means to recognise it. */
  public static UsageReader of(Shape shape) {
    return new UsageReader(Objects.requireNonNull(shape, "shape is required, was null"), null);
  }

  /**
   * Returns a copy of this reader for answers of {@code provider}, which few answers name
   * themselves.
   *
   * @param provider OpenTelemetry's name, for instance {@code mistral_ai} or {@code x_ai}
   * @throws IllegalArgumentException if it is blank, has blanks around it, or exceeds 255 bytes
   */
  public UsageReader provider(String provider) {
    if (!provider.equals(StorableName.orNull(provider))) {
      throw new IllegalArgumentException(
          "provider must have 1 to 255 bytes and no blanks around it, was \"%.40s\""
              .formatted(provider));
    }
    return new UsageReader(shape, provider);
  }

  /**
   * Reads a whole answer, or an event stream that was collected.
   *
   * @throws UnreadableAnswerException if {@code answer} is neither, ends in the middle of its JSON,
   *     or holds several answers, which have no figures in common
   */
  public ReadAnswer read(String answer) {
    return read(answer.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a whole answer, or an event stream that was collected, in UTF-8.
   *
   * @throws UnreadableAnswerException if {@code answer} is neither, ends in the middle of its JSON,
   *     or holds several answers, which have no figures in common
   */
  public ReadAnswer read(byte[] answer) {
    AnswerStream stream = stream();
    stream.feed(answer);
    return stream.finishWhole();
  }

  /**
   * Reads a whole answer, or an event stream to its end, in UTF-8. Leaves {@code answer} open.
   *
   * @throws UnreadableAnswerException if {@code answer} is neither, ends in the middle of its JSON,
   *     or holds several answers, which have no figures in common
   * @throws IOException if reading from {@code answer} fails
   */
  public ReadAnswer read(InputStream answer) throws IOException {
    AnswerStream stream = stream();
    byte[] chunk = new byte[8_192];
    for (int n = answer.read(chunk); n >= 0; n = answer.read(chunk)) {
      stream.feed(chunk, 0, n);
    }
    return stream.finishWhole();
  }

  /**
   * Starts reading an answer that arrives in pieces: server-sent events, JSON values one after the
   * other (as an SDK hands them out, a line break between), a JSON array of them, or one whole
   * answer.
   *
   * @return a stream whose end gives a {@link ModelAnswer} that is REPORTED only if the provider's
   *     own terminal marker was seen
   */
  public AnswerStream stream() {
    return new AnswerStream(shape, provider);
  }
}
