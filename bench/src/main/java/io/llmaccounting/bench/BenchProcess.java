package io.llmaccounting.bench;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another virtual machine with the same class path, which opens a place of ours.
 *
 * @param process what runs
 */
record BenchProcess(Process process) {
  private static final String PASSWORD = "LLM_ACCOUNTING_BENCH_PASSWORD";

  /**
   * How a place is found.
   *
   * @param url of PostgreSQL, empty for SQLite
   * @param user of PostgreSQL
   * @param password of PostgreSQL, never on a command line
   * @param place the schema, or the file
   */
  record Address(String url, String user, String password, String place) {
    UsageBackend open() {
      return url.isEmpty()
          ? SqliteBackend.open(Path.of(place))
          : PostgresBackend.connect(url, user, password, PostgresSettings.defaults().schema(place));
    }
  }

  /** Starts {@code program} with the address and then {@code more} as its arguments. */
  static BenchProcess start(Class<?> program, Address address, int megabytes, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(java(classPath()));
    command.addAll(
        List.of(
            "-Xmx" + megabytes + "m",
            program.getName(),
            address.url(),
            address.user(),
            address.place()));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(PASSWORD, address.password());
    return new BenchProcess(builder.start());
  }

  /** The class path of this machine. */
  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** Starts {@code program} as people do, with nothing but its arguments. */
  static BenchProcess start(String classPath, String program, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(java(classPath));
    command.add(program);
    command.addAll(List.of(arguments));
    return new BenchProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private static List<String> java(String classPath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath);
  }

  /** The address that a started program was given. */
  static Address address(String[] arguments) {
    String password = System.getenv().getOrDefault(PASSWORD, "");
    return new Address(arguments[0], arguments[1], password, arguments[2]);
  }

  /** What it printed; throws where it failed. */
  String output() throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("a process of the benchmark failed: " + output);
    }
    return output.strip();
  }
}
