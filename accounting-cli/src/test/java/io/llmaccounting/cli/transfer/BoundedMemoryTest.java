package io.llmaccounting.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Main;
import io.llmaccounting.usage.UsageId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of any length pass through processes of a small heap. {@code -Dtransfer.records=1000000}
 * makes it a long one; {@code -Dtransfer.heap=128m} another heap.
 */
class BoundedMemoryTest {
  private static final int RECORDS = Integer.getInteger("transfer.records", 20_000);
  private static final String HEAP = System.getProperty("transfer.heap", "48m");

  @TempDir Path folder;

  /** Runs the tool in a process of its own and returns what it printed. */
  private List<String> process(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.HOURS)).isTrue();
    List<String> lines = Files.readAllLines(out);
    assertThat(process.exitValue()).as("%s", lines).isZero();
    return lines;
  }

  private void write(Path file) throws IOException {
    Random random = new Random(1);
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(file))) {
      lines.println("{\"kind\":\"export\",\"format\":\"llm-accounting\",\"version\":1}");
      for (int i = 0; i < RECORDS; i++) {
        at = at.plusMillis(1 + random.nextInt(2_000));
        lines.println(
            """
            {"kind":"usage","id":"%s","at":"%s","key":"key %d","model":"model-%d","input_tokens":%d,\
            "output_tokens":%d,"source":"reported","cost":"0.%06d","outcome":"succeeded",\
            "user":"user %d","project":"project %d","tags":{"team":"%d"},"charged_at":"%s",\
            "settled_at":"%s"}\
            """
                .formatted(
                    UsageId.create(at, random),
                    at,
                    i,
                    i % 7,
                    random.nextInt(5_000),
                    random.nextInt(900),
                    random.nextInt(100_000),
                    i % 101,
                    i % 11,
                    i % 13,
                    at,
                    at.plusSeconds(1)));
      }
      lines.println("{\"kind\":\"end\",\"lines\":" + RECORDS + "}");
    }
  }

  @Test
  void anImportAndAnExportTakeNoMoreMemoryThanTheyAreGiven() throws Exception {
    Path first = folder.resolve("first.jsonl");
    write(first);

    assertThat(process("--db", "usage.db", "--format", "csv", "import", "first.jsonl"))
        .contains("usage,%1$d,%1$d,0,0,0".formatted(RECORDS));
    assertThat(
            process(
                "--db", "usage.db", "--format", "csv", "export", "--only", "usage", "second.jsonl"))
        .contains("usage," + RECORDS);

    try (BufferedReader before = Files.newBufferedReader(first);
        BufferedReader after = Files.newBufferedReader(folder.resolve("second.jsonl"))) {
      before.readLine();
      after.readLine();
      for (int i = 0; i < RECORDS; i++) {
        String line = before.readLine();
        assertThat(withoutZeros(after.readLine())).as("line %d", i).isEqualTo(withoutZeros(line));
      }
    }
  }

  /** Answers as they were kept, each longer than what the heap has room for all of them. */
  @Test
  @DisplayName("reading K12: a history of answers is recorded in a small heap")
  void aHistoryTakesNoMoreMemoryThanItIsGiven() throws Exception {
    int answers = RECORDS / 4;
    try (PrintWriter lines =
        new PrintWriter(Files.newBufferedWriter(folder.resolve("history.jsonl")))) {
      for (int i = 0; i < answers; i++) {
        lines.println(
            """
            {"id":"chatcmpl-%d","object":"chat.completion","created":%d,"model":"gpt-5",\
            "choices":[{"index":0,"finish_reason":"stop","message":{"content":"%s"}}],\
            "usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}\
            """
                .formatted(i, 1_767_225_600 + i, "x".repeat(12_000)));
      }
    }

    assertThat(
            process(
                "--db",
                "usage.db",
                "--format",
                "csv",
                "track",
                "--provider",
                "openai",
                "--from",
                "history.jsonl"))
        .contains("%1$d,0,0,0,0,%1$d".formatted(answers));
  }

  // money is written without zeros at its end, which makes no difference
  private static String withoutZeros(String line) {
    return line.replaceAll("0+\",\"outcome\"", "\",\"outcome\"");
  }
}
