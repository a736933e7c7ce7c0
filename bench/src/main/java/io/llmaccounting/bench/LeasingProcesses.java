package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Four processes that spend one limit to the last cent, leased and not. */
final class LeasingProcesses {
  private static final int PROCESSES = 4;
  private static final int HEAP_MEGABYTES = 256;
  private static final long CENT = Cost.usd("0.01").nanos();

  private LeasingProcesses() {}

  static Comparison run(Bench bench, Store store) throws Exception {
    int calls = bench.scale().spent();
    return Comparison.alternating(
        new Names(
            "%d processes, calls of a cent, %,d of %,d fit, %s"
                .formatted(PROCESSES, calls, 2 * calls, store.name()),
            "begin + succeeded, the limit leased",
            "the same, the limit not leased",
            "exactly as many were let in"),
        new Target(true, Double.NaN, "× throughput"),
        1,
        () -> spend(store, calls, true),
        () -> spend(store, calls, false));
  }

  private static Measured spend(Store store, int calls, boolean leased) throws Exception {
    try (Store.Place place = store.fresh()) {
      try (LlmAccounting accounting = LlmAccounting.create(place.open())) {
        Limit limit =
            Limit.named("budget").cost(Cost.ofNanos(calls * CENT)).rolling(Duration.ofDays(1));
        accounting.limits().save(leased ? limit.leased(Duration.ofSeconds(1)) : limit);
      }
      List<BenchProcess> children = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        children.add(
            BenchProcess.start(
                LeasingProgram.class,
                place.address(),
                HEAP_MEGABYTES,
                Integer.toString(2 * calls / PROCESSES)));
      }
      long admitted = 0;
      double seconds = 0;
      for (BenchProcess child : children) {
        List<String> told = child.output().lines().toList();
        admitted += Long.parseLong(told.get(told.size() - 2));
        seconds = Math.max(seconds, Double.parseDouble(told.get(told.size() - 1)));
      }
      if (admitted != calls) {
        throw new IllegalStateException(
            "%d calls were let in where %d fit".formatted(admitted, calls));
      }
      return Measured.of(2L * calls, seconds);
    }
  }
}
