package io.llmaccounting.cli;

import io.llmaccounting.cli.console.Console;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The console of this process: the only class that knows the system's streams and clock. */
public final class ProcessConsole {
  private static final int COLUMNS = 80;

  private ProcessConsole() {}

  /** The streams, the environment, the folder, the terminal and the clock that there are. */
  public static Console open() {
    return new Console(
        System.in,
        stream(FileDescriptor.out, false),
        stream(FileDescriptor.err, true),
        System.getenv(),
        Path.of(""),
        terminal(),
        InstantSource.system(),
        null);
  }

  // Output is UTF-8 whatever the locale, so that data is printed as it is stored.
  private static PrintStream stream(FileDescriptor descriptor, boolean atOnce) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), atOnce, StandardCharsets.UTF_8);
  }

  private static Console.Terminal terminal() {
    return isAttached(System.console())
        ? new Console.Terminal(true, true, columns())
        : Console.Terminal.NONE;
  }

  // From Java 22 on there is a console even without a terminal, and a method that tells the two
  // apart.
  private static boolean isAttached(java.io.@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  // Shells know the width and seldom pass it on, so the terminal itself is asked.
  private static int columns() {
    Integer given = number(System.getenv("COLUMNS"));
    if (given != null) {
      return given;
    }
    Path terminal = Path.of("/dev/tty");
    if (!Files.isReadable(terminal)) {
      return COLUMNS;
    }
    try {
      Process size =
          new ProcessBuilder("stty", "size")
              .redirectInput(terminal.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(size.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Integer told = number(said.strip().replaceFirst("^\\d+ ", ""));
      return told == null ? COLUMNS : told;
    } catch (IOException e) {
      return COLUMNS;
    }
  }

  private static @Nullable Integer number(@Nullable String text) {
    return text != null && text.matches("[1-9]\\d{0,3}") ? Integer.valueOf(text) : null;
  }
}
