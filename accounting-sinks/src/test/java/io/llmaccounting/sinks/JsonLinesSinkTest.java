package io.llmaccounting.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesSinkTest {
  @TempDir private Path folder;
  private final ManualClock clock = ManualClock.create();

  private JsonLinesSink sink(long bytes) {
    return new JsonLinesSink("files", folder.resolve("new/folder"), bytes, clock);
  }

  private List<String> lines(String file) throws Exception {
    return Files.readAllLines(folder.resolve("new/folder").resolve(file));
  }

  @Test
  void writesARecordALine() throws Exception {
    List<OutboxItem> items = SinkItems.some(2);

    assertThat(sink(10_000).deliver(items)).isEqualTo(Delivery.taken());

    List<String> lines = lines("usage-2026-03-02.jsonl");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"id\":\"%s\",\"revision\":0,\"occurred_at\":\"2026-03-02T09:00:00Z\","
                    .formatted(items.get(0).record().usage().id())
                + "\"settled_at\":\"2026-03-02T09:00:00Z\",\"model\":\"gpt-5-mini\","
                + "\"outcome\":\"succeeded\",\"source\":\"reported\",\"input_tokens\":100,"
                + "\"output_tokens\":20,\"cache_read_tokens\":0,\"cache_write_tokens\":0,"
                + "\"reasoning_tokens\":0,\"cost_usd\":\"0.0125\",\"project\":\"search\","
                + "\"user\":\"alice\",\"tags\":{\"team\":\"blue\"}}");
  }

  @Test
  void beginsAnotherFileWhenOneIsFullAndOnANewDay() throws Exception {
    JsonLinesSink sink = sink(1_024);
    for (int i = 0; i < 8; i++) {
      assertThat(sink.deliver(SinkItems.some(1))).isEqualTo(Delivery.taken());
    }
    clock.advance(Duration.ofDays(1));
    assertThat(sink.deliver(SinkItems.some(1))).isEqualTo(Delivery.taken());

    assertThat(lines("usage-2026-03-02.jsonl").size() + lines("usage-2026-03-02.1.jsonl").size())
        .isBetween(4, 8);
    assertThat(lines("usage-2026-03-03.jsonl")).hasSize(1);
    assertThat(Files.size(folder.resolve("new/folder/usage-2026-03-02.jsonl"))).isLessThan(1_600);
  }

  @Test
  void removesTheHalfLineThatACrashLeft() throws Exception {
    sink(1 << 20).deliver(SinkItems.some(2));
    Path file = folder.resolve("new/folder/usage-2026-03-02.jsonl");
    Files.writeString(file, "{\"id\":\"01" + "x".repeat(20_000), StandardOpenOption.APPEND);

    sink(1 << 20).deliver(SinkItems.some(1));

    assertThat(lines("usage-2026-03-02.jsonl"))
        .hasSize(3)
        .allMatch(line -> line.startsWith("{\"id\"") && line.endsWith("}"));
  }

  @Test
  void aFileThatIsNothingButAHalfLineIsEmptied() throws Exception {
    Files.createDirectories(folder.resolve("new/folder"));
    Files.writeString(folder.resolve("new/folder/usage-2026-03-02.jsonl"), "{\"id\":");

    sink(10_000).deliver(SinkItems.some(1));

    assertThat(lines("usage-2026-03-02.jsonl")).hasSize(1);
  }

  @Test
  void refusesFilesThatHoldNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sink(10))
        .withMessage("bytes of a file must be 1024 or more, was 10");
  }
}
