package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.server.process.DatabaseStores;
import io.llmaccounting.server.process.Front;
import io.llmaccounting.testkit.ManualClock;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands of the server in this process, each as if it were a process of its own. */
final class Commands {
  private final Path folder;
  final ManualClock clock = ManualClock.create();
  final Map<String, String> environment = new HashMap<>();
  Front front =
      parts -> {
        throw Failure.failed("nothing listens in this test", "Give it a front.");
      };

  Commands(Path folder) {
    this.folder = folder;
  }

  /**
   * What a command did.
   *
   * @param exit its code
   * @param out what it printed
   * @param err its errors and notes
   */
  record Ran(int exit, String out, String err) {
    Ran exits(int code) {
      assertThat(exit).as("exit code; out: %s; err: %s", out, err).isEqualTo(code);
      return this;
    }

    JsonObject object() {
      return new JsonObject(out);
    }

    JsonArray objects() {
      return new JsonArray(out);
    }
  }

  Ran run(String... arguments) {
    return runWith("", arguments);
  }

  Ran runWith(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            folder,
            Console.Terminal.NONE,
            clock,
            null);
    int exit = new ServerTool(console, new DatabaseStores(), front).run(arguments);
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  Ran done(String... arguments) {
    return run(arguments).exits(Exit.DONE);
  }

  JsonObject object(String... arguments) {
    return json(arguments).object();
  }

  JsonArray objects(String... arguments) {
    return json(arguments).objects();
  }

  private Ran json(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--format";
    all[1] = "json";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return done(all);
  }
}
