package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A history of any length passes through a small heap. */
class HistoryMemoryTest {
  private static final int LINES = 40_000;

  /** Reads a history in a process of its own and prints how many answers it had. */
  public static void main(String[] arguments) throws IOException {
    Counting counting = new Counting();
    try (InputStream lines = new SequenceInputStream(new Lines())) {
      HistoryReader.of(UsageReader.create()).read(lines, counting);
    }
    System.out.println(counting.answers);
  }

  @Test
  @DisplayName("reading K12: a history takes no more memory than it is given, however long it is")
  void aHistoryTakesNoMoreMemoryThanItIsGiven() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HistoryMemoryTest.class.getName())
            .redirectErrorStream(true)
            .start();

    List<String> printed =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();

    assertThat(process.waitFor()).as("%s", printed).isZero();
    assertThat(printed).last().asString().isEqualTo(String.valueOf(LINES));
  }

  /** Answers of every kind that is kept for a while: messages, sessions, and those with an id. */
  private static String line(int i) {
    return switch (i % 3) {
      case 0 ->
          """
          {"type":"assistant","timestamp":"2026-03-01T10:00:00Z","message":{"id":"msg_%d","type":"message","model":"claude-opus-4-6","content":"%s","stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":8}}}
          """
              .formatted(i, "x".repeat(300));
      case 1 ->
          """
          {"type":"thread.started","thread_id":"thread-%1$d"}
          {"type":"turn.completed","usage":{"input_tokens":10,"output_tokens":%1$d}}
          """
              .formatted(i);
      default ->
          """
          {"id":"chatcmpl-%d","object":"chat.completion","model":"gpt-5","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}
          """
              .formatted(i);
    };
  }

  private static final class Lines implements Enumeration<InputStream> {
    private int next;

    @Override
    public boolean hasMoreElements() {
      return next < LINES;
    }

    @Override
    public InputStream nextElement() {
      int from = next;
      next = Math.min(LINES, next + 100);
      StringBuilder lines = new StringBuilder();
      IntStream.range(from, next).forEach(i -> lines.append(line(i)));
      return new ByteArrayInputStream(lines.toString().getBytes(UTF_8));
    }
  }

  private static final class Counting implements HistoryListener {
    private long answers;

    @Override
    public void answer(PastAnswer answer) {
      answers++;
    }

    @Override
    public void skipped(long line, String reason) {}

    @Override
    public void repeated(long line) {}

    @Override
    public void unreadable(long line, String problem) {
      throw new IllegalStateException(line + " " + problem);
    }
  }
}
