package io.llmaccounting.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A second Java virtual machine that runs a main class of the tests and can be killed. */
public final class ChildProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final BufferedReader out;

  private ChildProcess(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts {@code main}; what it prints as errors is shown. */
  public static ChildProcess of(Class<?> main, String... arguments) throws IOException {
    return new ChildProcess(
        builder(List.of(), "", main, arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /**
   * Starts {@code main} with options of the virtual machine and with what {@code first} holds
   * before all else on the class path; its errors and log are among its lines.
   */
  public static ChildProcess overheard(
      List<String> options, Path first, Class<?> main, String... arguments) throws IOException {
    return new ChildProcess(
        builder(options, first + File.pathSeparator, main, arguments)
            .redirectErrorStream(true)
            .start());
  }

  private static ProcessBuilder builder(
      List<String> options, String first, Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                first + System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Lets a process that waits for it go on. */
  public void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** The next complete line it prints, null after the last. */
  public @Nullable String line() throws IOException {
    return out.readLine();
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the process outlived its killing");
    }
  }

  /** Asks it to end, as SIGTERM does. */
  public void terminate() {
    process.destroy();
  }

  /** Waits until it has ended, however it does. */
  public void awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the process does not end");
    }
  }

  /** Everything it still prints; fails unless it then ends well. */
  public List<String> rest() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      lines.add(line);
    }
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("the process failed; it printed " + lines);
    }
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
