package io.llmaccounting.cli.console;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a command has of the outside world, so that it runs in a test as it runs in a
 * process.
 *
 * @param in standard input
 * @param out for what was asked for
 * @param err for errors, notes and progress
 * @param environment the variables of the environment
 * @param folder what relative paths start from
 * @param terminal whether people watch: colours, bars and progress are for them
 * @param clock stamps calls
 * @param ledgerClock decides about limits; null for the database's own
 */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path folder,
    Terminal terminal,
    InstantSource clock,
    @Nullable InstantSource ledgerClock) {

  /**
   * Says where people watch.
   *
   * @param out whether they see what is printed
   * @param err whether they see notes and progress
   * @param columns how many characters fit beside each other
   */
  public record Terminal(boolean out, boolean err, int columns) {
    /** A terminal that nobody watches: everything goes to files and pipes. */
    public static final Terminal NONE = new Terminal(false, false, 80);
  }

  /** A variable of the environment; null where it is not set or empty. */
  public @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The file of this name, which may be relative. */
  public Path file(String name) {
    return folder.resolve(name);
  }
}
