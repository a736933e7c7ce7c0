package io.llmaccounting.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The jar that operators get, at work in a process of its own in a folder of its own. */
final class ServerJar implements AutoCloseable {
  private static final Path JAR = Path.of("target", "llm-accounting-server.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(300);
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final Path out;
  private final Path err;

  private ServerJar(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What a command that ends by itself printed. */
  record Ran(int exit, String out, String err) {}

  /** Starts it, and returns at once. */
  static ServerJar start(Path folder, List<String> jvm, String... arguments) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LLM_ACCOUNTING"));
    return new ServerJar(builder.start(), out, err);
  }

  /** Runs a command to its end. */
  static Ran run(Path folder, String... arguments) throws IOException, InterruptedException {
    try (ServerJar jar = start(folder, List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"), arguments)) {
      return jar.ended();
    }
  }

  /** Waits until it has ended by itself, and kills it where it does not. */
  Ran ended() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ran(process.waitFor(), out(), err());
  }

  /** The port that it says it listens on, once it does. */
  int port() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      Matcher said = ADDRESS.matcher(out());
      if (said.find()) {
        return Integer.parseInt(said.group(1));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    throw new AssertionError("the server does not listen: " + out() + err());
  }

  /** Tells it to stop in order. */
  void terminate() {
    process.destroy();
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** How much memory it has now, in MiB; -1 where the system does not tell. */
  long memory() throws IOException {
    return status("VmRSS:");
  }

  /** How much memory it had at most, in MiB; -1 where the system does not tell. */
  long mostMemory() throws IOException {
    return status("VmHWM:");
  }

  private long status(String name) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(text -> Long.parseLong(text) / 1_024)
        .findFirst()
        .orElse(-1);
  }

  /** How many files and connections it has open; -1 where the system does not tell. */
  long handles() throws IOException {
    Path handles = Path.of("/proc", Long.toString(process.pid()), "fd");
    if (!Files.isDirectory(handles)) {
      return -1;
    }
    try (Stream<Path> all = Files.list(handles)) {
      return all.count();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
