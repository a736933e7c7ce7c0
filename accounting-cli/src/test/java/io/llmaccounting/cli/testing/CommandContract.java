package io.llmaccounting.cli.testing;

import io.llmaccounting.cli.Tool;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs commands in this process, each as if it were a process of its own, on a database that a
 * subclass chooses. Time is moved by hand.
 */
public abstract class CommandContract {
  /** Where files are that are named by relative paths. */
  @TempDir protected Path folder;

  /** The clock of callers and of the ledger. */
  protected final ManualClock clock = ManualClock.create();

  /** The variables of the environment; a test may add some. */
  protected final Map<String, String> environment = new HashMap<>();

  private TestDatabase database;

  /** Which database, such as {@code TestDatabase::sqlite}. */
  protected abstract TestDatabase.Maker on();

  @BeforeEach
  final void makeDatabase() {
    database = on().in(folder);
    environment.putAll(database.environment());
  }

  @AfterEach
  final void dropDatabase() {
    database.close();
  }

  /** Runs a command on the database. */
  protected final Ran run(String... arguments) {
    return run(InputStream.nullInputStream(), arguments);
  }

  /** Runs a command on the database with this on standard input. */
  protected final Ran runWith(String input, String... arguments) {
    return run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), arguments);
  }

  /** Runs a command on the database, which must end well. */
  protected final Ran done(String... arguments) {
    return run(arguments).exits(Exit.DONE);
  }

  /** Runs a command on the database, which must end well, and prints JSON. */
  protected final Ran json(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--format", "json"));
    all.addAll(List.of(arguments));
    return done(all.toArray(String[]::new));
  }

  /** Runs a command on the database, which must end well, and prints CSV. */
  protected final Ran csv(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--format", "csv"));
    all.addAll(List.of(arguments));
    return done(all.toArray(String[]::new));
  }

  /** Runs a command on the database with this on standard input. */
  protected final Ran run(InputStream in, String... arguments) {
    List<String> all = new ArrayList<>(database.options());
    all.addAll(List.of(arguments));
    return bare(in, all.toArray(String[]::new));
  }

  /** Runs a command that is told of no database. */
  protected final Ran bare(InputStream in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            folder,
            Console.Terminal.NONE,
            clock,
            clock);
    int exit = new Tool(console).run(arguments);
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Writes a file for a command to read. */
  protected final Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options that name the database, for a process of its own. */
  protected final List<String> databaseOptions() {
    return database.options();
  }
}
