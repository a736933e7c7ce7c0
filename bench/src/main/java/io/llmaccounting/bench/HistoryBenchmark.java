package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;

/** Holding a call where much was recorded before, beside the same where little was. */
final class HistoryBenchmark {
  static final Benchmark BENCHMARK = Benchmark.onEach("history", HistoryBenchmark::run);
  private static final int LITTLE = 1_000;

  private HistoryBenchmark() {}

  private static Comparison run(Bench bench, Store store) throws Exception {
    int much = bench.scale().history();
    try (Store.Place ours = filled(bench, store, much);
        Store.Place theirs = filled(bench, store, LITTLE);
        LlmAccounting lived = LlmAccounting.create(ours.open());
        LlmAccounting fresh = LlmAccounting.create(theirs.open())) {
      QuotaBenchmark.four().forEach(lived.limits()::save);
      QuotaBenchmark.four().forEach(fresh.limits()::save);
      return Comparison.alternating(
          new Names(
              "reserve after %,d records, %s".formatted(much, store.name()),
              "reserve + release, 4 limits",
              "the same after %,d records".formatted(LITTLE)),
          Target.atMost(1.1),
          bench.scale().rounds(),
          () -> load(bench, store, lived),
          () -> load(bench, store, fresh));
    }
  }

  private static Measured load(Bench bench, Store store, LlmAccounting accounting)
      throws Exception {
    Calls[] calls = bench.calls();
    return bench
        .load(store)
        .run((thread, number) -> reserve(accounting, calls[thread].next(bench.now())));
  }

  static void reserve(LlmAccounting accounting, PlainRow call) {
    accounting.quotas().reserve(QuotaBenchmark.request(call)).hold().orElseThrow().release();
  }

  static Store.Place filled(Bench bench, Store store, int records) throws Exception {
    Store.Place place = store.fresh();
    place.open().close();
    try (PlainConnection connection = place.connect()) {
      BulkBenchmark.fill(connection, store, BulkBenchmark.times(bench, records));
    }
    place.settle();
    return place;
  }
}
