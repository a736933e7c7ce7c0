package io.llmaccounting.bench;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** Opening a database that is up to date, beside a bare connection that reads one row. */
final class OpenBenchmark {
  static final Benchmark BENCHMARK = Benchmark.onEach("open", OpenBenchmark::run);
  private static final int MOST = 60;

  private OpenBenchmark() {}

  private static Comparison run(Bench bench, Store store) throws Exception {
    try (Store.Place place = store.fresh()) {
      place.open().close();
      int times = Math.max(3, (int) Math.min(MOST, MOST * bench.scale().seconds()));
      List<Long> ours = new ArrayList<>();
      List<Long> theirs = new ArrayList<>();
      for (int i = 0; i < 2 * times; i++) {
        long us = opening(place);
        long them = connecting(place);
        if (i >= times) {
          ours.add(us);
          theirs.add(them);
        }
      }
      return Comparison.of(
          new Names(
              "opening, " + store.name(),
              "backend opened, schema checked",
              "connection and one row read"),
          Target.atMost(10),
          measured(ours),
          measured(theirs));
    }
  }

  private static long opening(Store.Place place) {
    long start = System.nanoTime();
    UsageBackend backend = place.open();
    long opened = System.nanoTime() - start;
    backend.close();
    return opened;
  }

  private static long connecting(Store.Place place) throws Exception {
    long start = System.nanoTime();
    try (PlainConnection connection = place.connect();
        ResultSet row =
            connection
                .prepare("SELECT value FROM settings WHERE name = 'limit_id'")
                .executeQuery()) {
      row.next();
      return System.nanoTime() - start;
    }
  }

  private static Measured measured(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    long median = sorted.get(sorted.size() / 2);
    return new Measured(
        1,
        median / 1e9,
        median,
        last(sorted),
        last(sorted),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN);
  }

  private static long last(List<Long> sorted) {
    return sorted.get(sorted.size() - 1);
  }
}
