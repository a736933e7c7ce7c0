package io.llmaccounting.cli.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Tool;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Console.Terminal;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who watches sees how far it is. */
class PurgeProgressTest {
  @TempDir Path folder;
  private final ManualClock clock = ManualClock.create();

  @Test
  void isShownWhereSomebodyWatches() {
    run(false, "track", "--model", "m", "--at", "2026-01-10");
    run(false, "track", "--model", "m", "--at", "2026-01-11");

    String watched = run(true, "purge", "--before", "2026-01-11", "--yes");
    String piped = run(false, "purge", "--before", "2026-02-01", "--yes");
    String quiet = run(true, "--quiet", "purge", "--before", "2026-02-01", "--yes");

    assertThat(watched).contains("usage [", "100%").endsWith("\r");
    assertThat(piped).isEmpty();
    assertThat(quiet).isEmpty();
  }

  /** What is said on standard error. */
  private String run(boolean watched, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("LLM_ACCOUNTING_DB", "usage.db"),
            folder,
            new Terminal(false, watched, 80),
            clock,
            clock);
    assertThat(new Tool(console).run(arguments)).as(err::toString).isEqualTo(Exit.DONE);
    return err.toString(StandardCharsets.UTF_8);
  }
}
