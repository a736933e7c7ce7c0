package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.bench.PostgresStore.PostgresPlace;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One limit that everybody runs into, beside Bucket4j with one key on the same server. */
final class HotLimitBenchmark implements Benchmark {
  @Override
  public String name() {
    return "hot-limit";
  }

  @Override
  public List<Comparison> run(Bench bench) throws Exception {
    List<Comparison> rows = new ArrayList<>();
    for (Store store : bench.stores()) {
      if (store instanceof PostgresStore postgres) {
        rows.addAll(run(bench, postgres));
        // What keeping the same rows costs on this server, whoever decides.
        rows.add(
            QuotaBenchmark.besideBareCommits(
                bench,
                postgres,
                "1 hot limit, PostgreSQL, %d threads, bare JDBC".formatted(bench.scale().threads()),
                List.of(everybody()),
                new Target(true, Double.NaN, "× throughput")));
      }
    }
    return rows;
  }

  private static Limit everybody() {
    return Limit.named("everybody").requests(Buckets.ROOM).rolling(Duration.ofHours(1));
  }

  private static List<Comparison> run(Bench bench, PostgresStore store) throws Exception {
    try (PostgresPlace ours = store.fresh();
        PostgresPlace theirs = store.fresh();
        LlmAccounting accounting = LlmAccounting.create(ours.open());
        Buckets buckets = Buckets.in(store, theirs, bench.scale().threads())) {
      accounting.limits().save(everybody());
      Calls[] calls = bench.calls();
      Load load = bench.load(store);
      Comparison.Side us =
          () ->
              load.run(
                  (thread, number) ->
                      QuotaBenchmark.pair(accounting, calls[thread].next(bench.now())));
      Load.Work plain = buckets.selectForUpdate();
      Load.Work batching = buckets.batching();
      return List.of(
          compare(bench, us, new Rival("SELECT FOR UPDATE", 8, () -> load.run(plain))),
          compare(bench, us, new Rival("batching", 2, () -> load.run(batching))));
    }
  }

  /** A way to use Bucket4j, and how many times as much as it we want to do. */
  private record Rival(String how, int times, Comparison.Side side) {}

  // Pairs, each of which books a record too, beside single tryConsume.
  private static Comparison compare(Bench bench, Comparison.Side us, Rival rival) throws Exception {
    return Comparison.alternating(
        new Names(
            "1 hot limit, PostgreSQL, %d threads, %s"
                .formatted(bench.scale().threads(), rival.how()),
            "reserve + settle",
            "Bucket4j tryConsume, " + rival.how()),
        Target.atLeast(rival.times()),
        bench.scale().rounds(),
        us,
        rival.side());
  }
}
