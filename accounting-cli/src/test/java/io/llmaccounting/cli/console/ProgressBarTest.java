package io.llmaccounting.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ProgressBar bar(long total, int columns) {
    PrintStream to = new PrintStream(err, true, StandardCharsets.UTF_8);
    return ProgressBar.on(
        new Console(
            InputStream.nullInputStream(),
            to,
            to,
            Map.of(),
            Path.of(""),
            new Console.Terminal(true, true, columns),
            ManualClock.create(),
            null),
        "import",
        total);
  }

  private String drawn() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void isDrawnOnceAPercentAndWipedOut() {
    try (ProgressBar bar = bar(1_000, 80)) {
      for (int i = 0; i <= 1_000; i++) {
        bar.at(i);
      }
    }

    assertThat(drawn().split("\r")).hasSize(103);
    assertThat(drawn()).contains("\rimport [####################....................]  50%");
    assertThat(drawn().substring(0, drawn().length() - 1)).endsWith(" ".repeat(54));
    assertThat(drawn()).endsWith("\r");
  }

  @Test
  void staysWithinTheTerminal() {
    try (ProgressBar bar = bar(10, 30)) {
      bar.at(20);
    }

    assertThat(drawn().split("\r")[1]).isEqualTo("import [##############] 100%");
  }

  @Test
  void saysNothingWhereTheWholeIsNotKnownOrNobodyWatches() {
    try (ProgressBar bar = bar(0, 80);
        ProgressBar hidden = ProgressBar.hidden()) {
      bar.at(7);
      hidden.at(7);
    }

    assertThat(drawn()).isEmpty();
  }
}
