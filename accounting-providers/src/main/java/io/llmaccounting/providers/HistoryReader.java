package io.llmaccounting.providers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of answers that were kept, one JSON object on each line: stored answers, transcripts
 * of Claude Code, result files of batches of OpenAI and Anthropic.
 *
 * <p>A message that grows over several lines is one answer: what its last line says. Answers come
 * in the order in which their ids first appeared, those without an id at once. Lines without usage
 * that belong to no answer are counted as skipped, lines that can not be read as unreadable.
 *
 * <p>Of a file with ids as many answers are kept in memory as {@link #MAX_GROWING} says: beyond
 * that the oldest is handed on. Safe for use by many threads.
 */
public final class HistoryReader {
  /** How many answers may be growing at the same time. */
  public static final int MAX_GROWING = 1_000;

  private static final int MAX_LINE = 64 * 1024 * 1024;

  /**
   * What a file had.
   *
   * @param answers answers that were handed on
   * @param skipped lines that were read and have no usage
   * @param unreadable lines that are no JSON, or exceed a bound of {@link UsageReader}
   */
  public record Outcome(long answers, long skipped, long unreadable) {}

  private final UsageReader reader;

  private HistoryReader(UsageReader reader) {
    this.reader = reader;
  }

  /** Reads each line with {@code reader}. */
  public static HistoryReader of(UsageReader reader) {
    return new HistoryReader(Objects.requireNonNull(reader, "reader is required, was null"));
  }

  /**
   * Reads {@code file} to its end and hands each answer on. Leaves {@code file} open.
   *
   * @return how much was read, and how much could not be
   * @throws IOException if reading from {@code file} fails
   */
  public Outcome read(InputStream file, Consumer<ReadAnswer> answers) throws IOException {
    Reading reading = new Reading(answers);
    InputStream in = new BufferedInputStream(file);
    AnswerStream line = null;
    boolean failed = false;
    int length = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        reading.lineEnds(line, failed);
        line = null;
        failed = false;
        length = 0;
      } else if (line != null || b > ' ') {
        line = line == null ? reader.stream() : line;
        length++;
        failed = failed || length > MAX_LINE || !fed(line, (byte) b);
      }
    }
    reading.lineEnds(line, failed);
    return reading.end();
  }

  private static boolean fed(AnswerStream line, byte b) {
    try {
      line.feed(new byte[] {b});
      return true;
    } catch (UnreadableAnswerException e) {
      return false;
    }
  }

  /** One file as it is read. */
  private static final class Reading {
    private final Consumer<ReadAnswer> answers;
    private final Map<String, ReadAnswer> growing = new LinkedHashMap<>();
    private long handedOn;
    private long skipped;
    private long unreadable;

    Reading(Consumer<ReadAnswer> answers) {
      this.answers = answers;
    }

    void lineEnds(@Nullable AnswerStream line, boolean failed) {
      if (line == null) {
        return;
      }
      ReadAnswer answer = failed ? null : whole(line);
      if (answer == null) {
        unreadable++;
      } else if (answer.answer().tokens() == null && answer.answer().rawUsage() == null) {
        skipped++;
      } else {
        take(answer);
      }
    }

    private static @Nullable ReadAnswer whole(AnswerStream line) {
      try {
        return line.finishWhole();
      } catch (UnreadableAnswerException e) {
        return null;
      }
    }

    private void take(ReadAnswer answer) {
      String id = answer.answer().responseId();
      if (id == null) {
        handOn(answer);
        return;
      }
      growing.put(id, answer);
      if (growing.size() > MAX_GROWING) {
        handOn(growing.remove(growing.keySet().iterator().next()));
      }
    }

    private void handOn(@Nullable ReadAnswer answer) {
      if (answer != null) {
        handedOn++;
        answers.accept(answer);
      }
    }

    Outcome end() {
      growing.values().forEach(this::handOn);
      growing.clear();
      return new Outcome(handedOn, skipped, unreadable);
    }
  }
}
