package io.llmaccounting.bench;

import io.llmaccounting.BulkReceipt;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Importing many records, beside bare multi-row inserts of the same rows and rollups. */
final class BulkBenchmark {
  static final Benchmark BENCHMARK = Benchmark.onEach("bulk", BulkBenchmark::run);
  private static final int CHUNK = 1_000;
  private static final int MOST_ROUNDS = 3;

  private BulkBenchmark() {}

  private static Comparison run(Bench bench, Store store) throws Exception {
    int records = bench.scale().bulk();
    return Comparison.alternating(
        new Names(
            "trackAll of %,d, %s".formatted(records, store.name()),
            "trackAll",
            "bare JDBC, 1,000 records and their rollups a commit"),
        Target.atLeast(0.7),
        Math.min(MOST_ROUNDS, bench.scale().rounds()),
        () -> ours(bench, store, records),
        () -> theirs(bench, store, records));
  }

  private static Measured ours(Bench bench, Store store, int records) throws Exception {
    try (Store.Place place = store.fresh()) {
      place.open().close();
      return timed(store, records, () -> writeOurs(bench, place, records));
    }
  }

  /** Imports the calls as the library does. */
  static void writeOurs(Bench bench, Store.Place place, int records) {
    Calls calls = new Calls(1);
    try (LlmAccounting accounting = LlmAccounting.create(place.open())) {
      BulkReceipt receipt =
          accounting.trackAll(
              times(bench, records).mapToObj(at -> Calls.usage(calls.next(at))).iterator());
      if (receipt.recorded() != records) {
        throw new IllegalStateException("not all were recorded: " + receipt);
      }
    }
  }

  private static Measured theirs(Bench bench, Store store, int records) throws Exception {
    try (Store.Place place = store.fresh()) {
      place.open().close();
      try (PlainConnection connection = place.connect()) {
        return timed(store, records, () -> fill(connection, store, times(bench, records)));
      }
    }
  }

  /** Instants spread evenly over a month. */
  static LongStream times(Bench bench, int records) {
    long start = Calls.micros(bench.monthStart());
    long step = 31L * 86_400_000_000L / records;
    return LongStream.range(0, records).map(i -> start + i * step);
  }

  /** Writes the calls of those instants by hand. */
  static void fill(PlainConnection connection, Store store, LongStream times) throws SQLException {
    PlainRecords writer = new PlainRecords(store);
    Calls calls = new Calls(1);
    List<PlainRow> chunk = new ArrayList<>(CHUNK);
    var all = times.iterator();
    while (all.hasNext()) {
      chunk.clear();
      while (chunk.size() < CHUNK && all.hasNext()) {
        chunk.add(calls.next(all.nextLong()));
      }
      connection.begin();
      writer.write(connection, chunk);
      connection.commit();
    }
  }

  private interface Import {
    void run() throws Exception;
  }

  private static Measured timed(Store store, int records, Import work) throws Exception {
    double trips = store.probe().roundTrips();
    double commits = store.probe().commits();
    long allocated = Load.allocated();
    long cpu = Load.cpu();
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Measured(
        records,
        seconds,
        0,
        0,
        0,
        (double) (Load.cpu() - cpu) / records,
        (double) (Load.allocated() - allocated) / records,
        (store.probe().roundTrips() - trips) / records,
        (store.probe().commits() - commits) / records);
  }
}
