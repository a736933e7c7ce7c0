package io.llmaccounting.bench;

import io.llmaccounting.BulkReceipt;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Calls under a leased limit without pause, until the last of their records has arrived, beside
 * importing as many rows of the same calls and the same minute.
 */
final class SustainedLeases {
  private SustainedLeases() {}

  static Comparison run(Bench bench, Store store) throws Exception {
    List<Measured> ours = new ArrayList<>();
    List<Measured> theirs = new ArrayList<>();
    long start = bench.now();
    ours.add(calls(bench, store));
    long rows = ours.get(0).operations();
    theirs.add(rows(store, rows, start, bench.now()));
    return Comparison.of(
        new Names(
            "1 hot leased limit, buffered, %s, %d threads, %.0f s: records arriving"
                .formatted(store.name(), bench.scale().threads(), bench.scale().sustained()),
            "begin + succeeded, leased, until the last record is stored",
            "trackAll of as many rows"),
        Target.atLeast(0.9),
        ours.get(0),
        theirs.get(0));
  }

  private static Measured calls(Bench bench, Store store) throws Exception {
    try (Store.Place place = store.fresh();
        LlmAccounting accounting = LeasedCalls.buffered(place, true)) {
      Calls[] calls = bench.calls();
      Load load = new Load(bench.scale().threads(), bench.scale().sustained(), store.probe());
      long before = System.nanoTime();
      Measured made =
          load.measure(
              (thread, number) -> LeasedCalls.make(accounting, calls[thread].next(bench.now())));
      accounting.flush();
      double seconds = (System.nanoTime() - before) / 1e9;
      long stored = accounting.report(TimeRange.always()).run().total().calls();
      if (stored != made.operations()) {
        throw new IllegalStateException(
            "%d calls were made and %d are stored".formatted(made.operations(), stored));
      }
      return made.lasting(seconds);
    }
  }

  private static Measured rows(Store store, long rows, long from, long until) throws Exception {
    Calls calls = new Calls(1);
    try (Store.Place place = store.fresh();
        LlmAccounting accounting = LeasedCalls.durable(place, true)) {
      long before = System.nanoTime();
      BulkReceipt receipt =
          accounting.trackAll(
              LongStream.range(0, rows)
                  .mapToObj(i -> usage(calls, from + (until - from) * i / rows))
                  .iterator());
      double seconds = (System.nanoTime() - before) / 1e9;
      if (receipt.recorded() != rows) {
        throw new IllegalStateException("not all were recorded: " + receipt);
      }
      return Measured.of(rows, seconds);
    }
  }

  private static Usage usage(Calls calls, long at) {
    return Calls.usage(calls.next(at));
  }
}
