package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Going through many records, in a process of its own with a small heap.
 *
 * @param what what is done with them
 * @param program does it
 * @param archive has them
 */
record HeapBenchmark(String what, Class<?> program, Archive archive) implements Benchmark.OnStore {
  private static final int MEGABYTES = 128;

  /** Making every rollup and counter anew. */
  static Benchmark rebuild(Archive archive) {
    return Benchmark.onEach("rebuild", new HeapBenchmark("rebuild", Rebuild.class, archive));
  }

  /** Writing every record as a line of JSON. */
  static Benchmark export(Archive archive) {
    return Benchmark.onEach("export", new HeapBenchmark("export", Export.class, archive));
  }

  @Override
  public Comparison run(Bench bench, Store store) throws Exception {
    Store.Place place = archive.of(bench, store);
    long start = System.nanoTime();
    BenchProcess.start(program, place.address(), MEGABYTES).output();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Comparison(
        "%s of %,d records, %s".formatted(what, bench.scale().archive(), store.name()),
        what + " in a process of its own",
        "a heap of %d MB".formatted(MEGABYTES),
        new Target(false, MEGABYTES, "MB of heap"),
        MEGABYTES,
        Measured.of(bench.scale().archive(), seconds),
        Measured.once(Double.NaN),
        "%.0f s".formatted(seconds));
  }

  /** The program that the other process runs. */
  static final class Rebuild {
    private Rebuild() {}

    public static void main(String[] arguments) {
      try (LlmAccounting accounting =
          LlmAccounting.create(BenchProcess.address(arguments).open())) {
        accounting.admin().rebuild();
      }
    }
  }

  /** The program that the other process runs; nobody reads what it writes. */
  static final class Export {
    private Export() {}

    public static void main(String[] arguments) throws IOException {
      try (LlmAccounting accounting =
          LlmAccounting.create(BenchProcess.address(arguments).open())) {
        JsonWriter to = new JsonWriter(OutputStream.nullOutputStream());
        accounting
            .admin()
            .transfer()
            .records(
                TimeRange.always(),
                UsageFilter.all(),
                record -> {
                  try {
                    UsageLine.write(to, record);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
        to.flush();
      }
    }
  }
}
