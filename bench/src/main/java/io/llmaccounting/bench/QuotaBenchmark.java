package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.List;

/** Holding and settling a call under four limits, beside the same row changes in group commits. */
final class QuotaBenchmark {
  static final Benchmark BENCHMARK = Benchmark.onEach("reserve", QuotaBenchmark::run);

  private QuotaBenchmark() {}

  /** Four limits that watch every call and have room for all of them. */
  static List<Limit> four() {
    return List.of(
        Limit.named("requests an hour").requests(1L << 40).rolling(Duration.ofHours(1)),
        Limit.named("tokens a day").totalTokens(1L << 50).rolling(Duration.ofDays(1)),
        Limit.named("output a month").outputTokens(1L << 50).rollingMonths(1),
        Limit.named("cost ever").cost(Cost.ofNanos(1L << 60)).lifetime());
  }

  private static Comparison run(Bench bench, Store store) throws Exception {
    return besideBareCommits(
        bench,
        store,
        "reserve + settle, 4 limits, %s, %d threads"
            .formatted(store.name(), bench.scale().threads()),
        four(),
        store.takesArrays() ? new Target(true, Double.NaN, "× throughput") : Target.atLeast(0.7));
  }

  /** Holding and settling under these limits, beside the row changes that it takes. */
  static Comparison besideBareCommits(
      Bench bench, Store store, String name, List<Limit> limits, Target target) throws Exception {
    PlainQuota plain = new PlainQuota(store, limits.size());
    try (Store.Place ours = store.fresh();
        Store.Place theirs = store.fresh()) {
      theirs.open().close();
      try (LlmAccounting accounting = LlmAccounting.create(ours.open());
          PlainCommits<PlainQuota.Step> commits =
              new PlainCommits<>(theirs.connect(), plain::write)) {
        limits.forEach(accounting.limits()::save);
        Calls[] us = bench.calls();
        Calls[] them = bench.calls();
        Load load = bench.load(store);
        return Comparison.alternating(
            new Names(name, "reserve, then settle", "bare JDBC group commit, the same row changes"),
            target,
            bench.scale().rounds(),
            () -> load.run((thread, number) -> pair(accounting, us[thread].next(bench.now()))),
            () ->
                load.run(
                    (thread, number) -> {
                      PlainRow call = them[thread].next(bench.now());
                      commits.write(new PlainQuota.Step(call, false));
                      commits.write(new PlainQuota.Step(call, true));
                    }));
      }
    }
  }

  static void pair(LlmAccounting accounting, PlainRow call) {
    HeldCall held = accounting.quotas().reserve(request(call)).hold().orElseThrow();
    held.settle(Calls.settled(call, held.id()));
  }

  static CallRequest request(PlainRow call) {
    String[] texts = call.texts();
    return CallRequest.to(texts[0])
        .provider(texts[1])
        .project(texts[6])
        .user(texts[7])
        .caller(texts[8])
        .inputTokens(4_200)
        .maxOutputTokens(1_000)
        .cost(Cost.ofNanos(3_000_000));
  }
}
