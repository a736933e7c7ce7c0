package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;

/** Durable recording by many threads, beside a bare loop that commits groups of the same rows. */
final class TrackBenchmark {
  static final Benchmark BENCHMARK = Benchmark.onEach("track", TrackBenchmark::run);

  private TrackBenchmark() {}

  private static Comparison run(Bench bench, Store store) throws Exception {
    PlainRecords records = new PlainRecords(store);
    try (Store.Place ours = store.fresh();
        Store.Place theirs = store.fresh()) {
      theirs.open().close();
      try (LlmAccounting accounting = LlmAccounting.create(ours.open());
          PlainCommits<PlainRow> commits = new PlainCommits<>(theirs.connect(), records::write)) {
        Calls[] us = bench.calls();
        Calls[] them = bench.calls();
        Load load = bench.load(store);
        return Comparison.alternating(
            new Names(
                "track, %s, %d threads".formatted(store.name(), bench.scale().threads()),
                "track(usage), durable",
                "bare JDBC group commit, same rows and rollups"),
            Target.atLeast(0.8),
            bench.scale().rounds(),
            () ->
                load.run(
                    (thread, number) ->
                        accounting.track(Calls.usage(us[thread].next(bench.now())))),
            () -> load.run((thread, number) -> commits.write(them[thread].next(bench.now()))));
      }
    }
  }
}
