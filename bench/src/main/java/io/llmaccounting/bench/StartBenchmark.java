package io.llmaccounting.bench;

import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** How long the command line takes from its start to its end, beside a program that is empty. */
final class StartBenchmark implements Benchmark {
  private static final String TOOL = io.llmaccounting.cli.Main.class.getName();
  private static final int ROUNDS = 21;
  private static final int VERSION_BOUND = 8;
  private static final int TRACK_BOUND = 20;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<Comparison> run(Bench bench) throws Exception {
    Path alone = Files.createTempDirectory("llm-accounting-empty");
    try (Store.Place file = bench.stores().get(0).fresh()) {
      copyEmpty(alone);
      Baseline baseline = new Baseline(bench, alone);
      file.open().close();
      return List.of(
          baseline.against("start of --version", VERSION_BOUND, "--version"),
          baseline.against(
              "start of track, SQLite",
              TRACK_BOUND,
              "--db",
              file.address().place(),
              "track",
              "--provider",
              "openai",
              "--model",
              "gpt-5-mini",
              "--input-tokens",
              "10",
              "--output-tokens",
              "3"));
    } finally {
      removeTree(alone);
    }
  }

  // of a class path of its own, which costs it nothing
  private static void copyEmpty(Path folder) throws IOException {
    String name = Empty.class.getName().replace('.', '/') + ".class";
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in = StartBenchmark.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(in, name), file);
    }
  }

  private static void removeTree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  private record Baseline(Bench bench, Path folder) {
    Comparison against(String name, int bound, String... arguments) throws Exception {
      int rounds = Math.max(3, (int) Math.min(ROUNDS, ROUNDS * bench.scale().seconds()));
      return Comparison.alternating(
          new Names(name, "a process of the tool", "an empty main in a folder"),
          Target.atMost(bound),
          rounds,
          () -> timed(BenchProcess.classPath(), TOOL, arguments),
          () -> timed(folder.toString(), Empty.class.getName()));
    }
  }

  private static Measured timed(String classPath, String program, String... arguments)
      throws Exception {
    long start = System.nanoTime();
    BenchProcess.start(classPath, program, arguments).output();
    return Measured.once((System.nanoTime() - start) / 1e9);
  }

  /** The program that nothing can be faster than. */
  static final class Empty {
    private Empty() {}

    public static void main(String[] arguments) {}
  }
}
