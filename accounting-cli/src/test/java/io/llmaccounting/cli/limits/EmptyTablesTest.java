package io.llmaccounting.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Tool;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables without rows. */
class EmptyTablesTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limits list",
        "limits status",
        "denials",
        "alerts",
        "users list",
        "audit list",
        "tail"
      })
  void sayThatThereIsNothingOnATerminal(String command) {
    done("migrate");

    assertThat(onTerminal(command.split(" ")).lines()).containsExactly("nothing to show");
    assertThat(done(command.split(" ")).out()).doesNotContain("nothing to show");
  }

  @Test
  void verifySaysThatAllAddsUpAndNothingElse() {
    done("migrate");

    assertThat(done("verify").says("everything adds up").out()).isEmpty();
    assertThat(onTerminal("verify")).isEmpty();
    assertThat(csv("verify").lines()).containsExactly("what,stored,expected");
  }

  private String onTerminal(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(databaseOptions());
    all.addAll(List.of(arguments));
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            environment,
            folder,
            new Console.Terminal(true, false, 100),
            clock,
            clock);
    new Tool(console).run(all.toArray(String[]::new));
    return out.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[\\d*m", "");
  }
}
