package io.llmaccounting.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** All benchmarks, in the order in which they run. */
final class Benchmarks implements AutoCloseable {
  private final Archive archive = new Archive();

  List<Benchmark> all() {
    return List.of(
        new MemoryBenchmark(),
        new BufferedBenchmark(),
        TrackBenchmark.BENCHMARK,
        QuotaBenchmark.BENCHMARK,
        new HotLimitBenchmark(),
        new LeaseBenchmark(),
        HistoryBenchmark.BENCHMARK,
        LimitsBenchmark.BENCHMARK,
        OpenBenchmark.BENCHMARK,
        new StartBenchmark(),
        BulkBenchmark.BENCHMARK,
        Benchmark.onEach("report", new ReportBenchmark(archive)),
        Benchmark.onEach("disk", new DiskBenchmark(archive)),
        HeapBenchmark.export(archive),
        HeapBenchmark.rebuild(archive));
  }

  /** Those of these names, all where there are none. */
  List<Benchmark> named(List<String> names) {
    List<String> known = all().stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "benchmark must be one of %s, was \"%s\"".formatted(known, name));
      }
    }
    Stream<Benchmark> wanted =
        all().stream().filter(one -> names.isEmpty() || names.contains(one.name()));
    return wanted.toList();
  }

  @Override
  public void close() throws IOException, SQLException {
    archive.close();
  }
}
