package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.Recounting;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holding a call where many limits are defined that watch others, beside the same without them. */
final class LimitsBenchmark {
  static final Benchmark BENCHMARK = Benchmark.onEach("limits", LimitsBenchmark::run);
  private static final int PREFIXES = 50;

  private LimitsBenchmark() {}

  private static Comparison run(Bench bench, Store store) throws Exception {
    int many = bench.scale().limits();
    try (Store.Place ours = store.fresh();
        Store.Place theirs = store.fresh();
        LlmAccounting crowded = LlmAccounting.create(with(ours.open(), many - 4));
        LlmAccounting few = LlmAccounting.create(theirs.open())) {
      QuotaBenchmark.four().forEach(crowded.limits()::save);
      QuotaBenchmark.four().forEach(few.limits()::save);
      return Comparison.alternating(
          new Names(
              "reserve under %,d limits, %s".formatted(many, store.name()),
              "reserve + release, 4 of them watch",
              "the same with these 4 limits alone",
              "the others name a user each, %d of them a prefix".formatted(PREFIXES)),
          Target.atMost(1.3),
          bench.scale().rounds(),
          () -> load(bench, store, crowded),
          () -> load(bench, store, few));
    }
  }

  private static Measured load(Bench bench, Store store, LlmAccounting accounting)
      throws Exception {
    Calls[] calls = bench.calls();
    return bench
        .load(store)
        .run(
            (thread, number) ->
                HistoryBenchmark.reserve(accounting, calls[thread].next(bench.now())));
  }

  static UsageBackend with(UsageBackend backend, int others) {
    for (int i = 0; i < others; i++) {
      backend.limits().save(other(i), new NoSeed());
    }
    return backend;
  }

  private static Limit other(int i) {
    var builder = Limit.named("other " + i);
    return (i < PREFIXES ? builder.userPrefix("bot-" + i + "-") : builder.user("guest-" + i))
        .requests(100)
        .rolling(Duration.ofHours(1));
  }

  /** Counts nothing: there is nothing recorded yet. */
  private static final class NoSeed implements CounterSeed {
    @Override
    public boolean keeps(Limit replaced, Limit saved) {
      return true;
    }

    @Override
    public Set<Long> countedAnew(
        @Nullable StoredLimit before, @Nullable StoredLimit after, List<StoredLimit> limits) {
      return Set.of();
    }

    @Override
    public Recounting recount(Set<Long> anew, List<StoredLimit> limits, Instant now) {
      throw new IllegalStateException("nothing was to be counted");
    }
  }
}
