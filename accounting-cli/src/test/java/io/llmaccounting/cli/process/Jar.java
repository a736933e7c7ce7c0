package io.llmaccounting.cli.process;

import io.llmaccounting.cli.testing.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The jar that operators get, each command a process of its own. */
final class Jar {
  private static final Path FILE = Path.of("target", "llm-accounting.jar").toAbsolutePath();
  private static final long PATIENCE_SECONDS = 600;

  // short processes: what the optimising compiler would gain comes too late for them
  private static final List<String> JVM =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

  private final Path folder;
  private final Map<String, String> environment;

  Jar(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  static Path file() {
    if (!Files.exists(FILE)) {
      throw new IllegalStateException(FILE + " is missing; package accounting-cli first");
    }
    return FILE;
  }

  static List<String> java(String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(more));
    return command;
  }

  /** Made once, as the page for operators says: it saves a third of each start. */
  private static final class Archive {
    static final Path FILE = make();

    private static Path make() {
      try {
        Path folder = Files.createTempDirectory("llm-accounting-archive");
        Path archive = folder.resolve("llm-accounting.jsa");
        List<String> command = java(JVM.toArray(String[]::new));
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-jar", file().toString()));
        command.addAll(List.of("--db", "trial.db", "track", "--model", "m", "--input-tokens", "1"));
        new Jar(folder, Map.of()).run(command).end().exits(0);
        return archive;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** What a shell runs for {@code llm-accounting}. */
  static List<String> command() {
    List<String> command = java(JVM.toArray(String[]::new));
    command.addAll(List.of("-XX:SharedArchiveFile=" + Archive.FILE, "-jar", file().toString()));
    return command;
  }

  /** Starts a command; its output goes to files. */
  Started start(List<String> arguments) throws IOException {
    List<String> command = command();
    command.addAll(arguments);
    return run(command);
  }

  /** Starts a program in the folder, with the environment of this jar. */
  Started run(List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LLM_ACCOUNTING"));
    builder.environment().putAll(environment);
    return new Started(builder.start(), out, err);
  }

  Ran run(String... arguments) throws IOException, InterruptedException {
    return start(List.of(arguments)).end();
  }

  /** A process that was started. */
  record Started(Process process, Path out, Path err) {
    Ran end() throws IOException, InterruptedException {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the command did not end: " + Files.readString(err));
      }
      return new Ran(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    }
  }
}
