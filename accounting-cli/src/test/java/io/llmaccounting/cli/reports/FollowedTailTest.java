package io.llmaccounting.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Tool;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code tail --follow}, ended by an interrupt. */
class FollowedTailTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  /** Runs it until two calls are printed, which interrupts it. */
  private String follow(String format) {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    Thread follower = Thread.currentThread();
    PrintStream interrupting =
        new PrintStream(seen, true, StandardCharsets.UTF_8) {
          @Override
          public boolean checkError() {
            if (seen.toString(StandardCharsets.UTF_8).contains("succeeded")) {
              follower.interrupt();
            }
            return super.checkError();
          }
        };
    Console console =
        new Console(
            InputStream.nullInputStream(),
            interrupting,
            interrupting,
            environment,
            folder,
            Console.Terminal.NONE,
            clock,
            clock);
    List<String> arguments = new ArrayList<>(databaseOptions());
    arguments.addAll(List.of("--format", format, "tail", "--follow"));
    try {
      assertThat(new Tool(console).run(arguments.toArray(String[]::new))).isEqualTo(Exit.DONE);
    } finally {
      Thread.interrupted();
    }
    return seen.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsALineACallInAllFormats() {
    done("track", "--model", "m\tm", "--user", "a", "--cost", "0.25", "--latency", "640ms");
    clock.advance(Duration.ofSeconds(1));
    done("track", "--model", "n", "--input-tokens", "7", "--output-tokens", "2");

    assertThat(follow("table").lines())
        .containsExactly(
            "2026-03-02 09:00:00Z  m\\tm  user a  $0.25  640ms  succeeded",
            "2026-03-02 09:00:01Z  n  7+2 tokens  succeeded");
    assertThat(follow("json").lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{\"id\":") && line.endsWith("}"));
    assertThat(follow("csv").lines()).hasSize(3).element(0).asString().startsWith("id,at,key,");
  }
}
