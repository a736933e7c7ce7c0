package io.llmaccounting.cli.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.cli.bench.Comparison.Target;

/** Making every rollup anew from many records, in a process of its own with a small heap. */
record HeapBenchmark(Archive archive) implements Benchmark.OnStore {
  private static final int MEGABYTES = 128;

  @Override
  public Comparison run(Bench bench, Store store) throws Exception {
    Store.Place place = archive.of(bench, store);
    long start = System.nanoTime();
    ChildProcess.start(Rebuild.class, place.address(), MEGABYTES).output();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Comparison(
        "rebuild of %,d records, %s".formatted(bench.scale().archive(store), store.name()),
        "rebuild in a process of its own",
        "a heap of %d MB".formatted(MEGABYTES),
        new Target(false, MEGABYTES, "MB of heap"),
        MEGABYTES,
        Measured.of(bench.scale().archive(store), seconds),
        Measured.once(Double.NaN),
        "%.0f s".formatted(seconds));
  }

  /** The program that the other process runs. */
  static final class Rebuild {
    private Rebuild() {}

    public static void main(String[] arguments) {
      try (LlmAccounting accounting =
          LlmAccounting.create(ChildProcess.address(arguments).open())) {
        accounting.rebuild();
      }
    }
  }
}
