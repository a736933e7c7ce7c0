package io.llmaccounting.bench;

import io.llmaccounting.cli.console.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Measures and ends the process with the command's code. */
  public static void main(String[] arguments) {
    // what is logged while measuring would only disturb it
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    Console console =
        new Console(
            System.in,
            stream(FileDescriptor.out),
            stream(FileDescriptor.err),
            System.getenv(),
            Path.of(""),
            Console.Terminal.NONE,
            InstantSource.system(),
            null);
    System.exit(BenchCommand.run(console, arguments));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
