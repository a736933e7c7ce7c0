package io.llmaccounting.cli.bench;

import io.llmaccounting.cli.bench.Comparison.Names;
import io.llmaccounting.cli.bench.Comparison.Target;
import java.util.List;

/** How long the command line takes from its start to its end, beside a program that is empty. */
final class StartBenchmark implements Benchmark {
  // By name: the package of the tool depends on this one.
  private static final String TOOL = "io.llmaccounting.cli.Main";
  private static final int ROUNDS = 21;
  private static final int VERSION_BOUND = 8;
  private static final int TRACK_BOUND = 20;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<Comparison> run(Bench bench) throws Exception {
    try (Store.Place file = bench.stores().get(0).fresh()) {
      file.open().close();
      return List.of(
          against(bench, "start of --version", VERSION_BOUND, "--version"),
          against(
              bench,
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
    }
  }

  private static Comparison against(Bench bench, String name, int bound, String... arguments)
      throws Exception {
    int rounds = Math.max(3, (int) Math.min(ROUNDS, ROUNDS * bench.scale().seconds()));
    return Comparison.alternating(
        new Names(name, "a process of the tool", "an empty main, same class path"),
        Target.atMost(bound),
        rounds,
        () -> timed(TOOL, arguments),
        () -> timed(Empty.class.getName()));
  }

  private static Measured timed(String program, String... arguments) throws Exception {
    long start = System.nanoTime();
    ChildProcess.start(program, arguments).output();
    return Measured.once((System.nanoTime() - start) / 1e9);
  }

  /** The program that nothing can be faster than. */
  static final class Empty {
    private Empty() {}

    public static void main(String[] arguments) {}
  }
}
