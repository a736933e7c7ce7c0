package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.bench.PostgresStore.PostgresPlace;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls under one leased limit that all of them need: what callers wait, what arrives, and where
 * nothing can be leased any more.
 */
final class LeaseBenchmark implements Benchmark {
  private static final int BURST = 16_000;
  private static final Target MICROSECONDS = new Target(false, 3, "µs, median");
  private static final Target NOTHING = new Target(true, Double.NaN, "× throughput");
  private static final String CALL = "begin + succeeded, leased";

  @Override
  public String name() {
    return "leases";
  }

  @Override
  public List<Comparison> run(Bench bench) throws Exception {
    List<Comparison> rows = new ArrayList<>();
    for (Store store : bench.stores()) {
      rows.add(callers(bench, store, 1));
      rows.add(callers(bench, store, bench.scale().threads()));
      rows.add(SustainedLeases.run(bench, store));
      rows.add(besideTrack(bench, store));
      if (store instanceof PostgresStore postgres) {
        rows.add(besideBuckets(bench, postgres));
      }
      rows.add(lastStretch(bench, store));
      rows.add(LeasingProcesses.run(bench, store));
    }
    return rows;
  }

  private static Comparison callers(Bench bench, Store store, int threads) throws Exception {
    Bursts bursts = new Bursts(threads, bench.scale().seconds(), BURST);
    try (Store.Place ours = store.fresh();
        Store.Place theirs = store.fresh();
        LlmAccounting leased = LeasedCalls.buffered(ours, true);
        LlmAccounting plain = LeasedCalls.buffered(theirs, false)) {
      Comparison time =
          Comparison.alternating(
              new Names(
                  "1 hot leased limit, buffered, %s, %d %s: its caller's time"
                      .formatted(store.name(), threads, threads == 1 ? "thread" : "threads"),
                  CALL,
                  "track()...record(), buffered, which no limit decides",
                  "bursts of %,d that the buffer has room for".formatted(BURST)),
              MICROSECONDS,
              bench.scale().rounds(),
              () -> bursts.run(() -> LeasedCalls.makeAnother(leased), leased::flush),
              () -> bursts.run(() -> LeasedCalls.trackAnother(plain), plain::flush));
      return time.withValue(time.ours().p50() / 1e3);
    }
  }

  private static Comparison besideTrack(Bench bench, Store store) throws Exception {
    try (Store.Place ours = store.fresh();
        Store.Place theirs = store.fresh();
        LlmAccounting leased = LeasedCalls.durable(ours, true);
        LlmAccounting plain = LeasedCalls.durable(theirs, true)) {
      Calls[] them = bench.calls();
      Load load = bench.load(store);
      return Comparison.alternating(
          new Names(durable(bench, store, "track"), CALL, "track(usage), durable"),
          Target.atLeast(0.8),
          bench.scale().rounds(),
          () -> calls(bench, load, leased),
          () ->
              load.run(
                  (thread, number) -> plain.track(Calls.usage(them[thread].next(bench.now())))));
    }
  }

  private static Comparison besideBuckets(Bench bench, PostgresStore store) throws Exception {
    try (PostgresPlace ours = store.fresh();
        PostgresPlace theirs = store.fresh();
        LlmAccounting leased = LeasedCalls.durable(ours, true);
        Buckets buckets = Buckets.in(store, theirs, bench.scale().threads())) {
      Load load = bench.load(store);
      Load.Work rival = buckets.selectForUpdate();
      return Comparison.alternating(
          new Names(
              durable(bench, store, "SELECT FOR UPDATE"),
              CALL,
              "Bucket4j tryConsume, SELECT FOR UPDATE"),
          Target.atLeast(8),
          bench.scale().rounds(),
          () -> calls(bench, load, leased),
          () -> load.run(rival));
    }
  }

  private static String durable(Bench bench, Store store, String beside) {
    return "1 hot leased limit, durable, %s, %d threads, %s"
        .formatted(store.name(), bench.scale().threads(), beside);
  }

  private static Measured calls(Bench bench, Load load, LlmAccounting accounting) throws Exception {
    Calls[] calls = bench.calls();
    return load.run(
        (thread, number) -> LeasedCalls.make(accounting, calls[thread].next(bench.now())));
  }

  // less than a twentieth of the maximum is left: the ledger decides, as if nothing was leased
  private static Comparison lastStretch(Bench bench, Store store) throws Exception {
    try (Store.Place ours = store.fresh();
        Store.Place theirs = store.fresh();
        LlmAccounting leased = nearlySpent(ours, true);
        LlmAccounting plain = nearlySpent(theirs, false)) {
      Load load = bench.load(store);
      return Comparison.alternating(
          new Names(
              "last stretch of a leased limit, %s, %d threads"
                  .formatted(store.name(), bench.scale().threads()),
              "begin + succeeded, the limit leased",
              "the same, the limit not leased"),
          NOTHING,
          bench.scale().rounds(),
          () -> calls(bench, load, leased),
          () -> calls(bench, load, plain));
    }
  }

  private static LlmAccounting nearlySpent(Store.Place place, boolean leased) {
    LlmAccounting accounting = LlmAccounting.create(place.open());
    long room = Cost.usd("1000000").nanos();
    accounting
        .track()
        .model("gpt-5")
        .tokens(TokenUsage.of(1, 1))
        .cost(Cost.ofNanos(room / 100 * 96))
        .record();
    Limit limit = Limit.named("everybody").cost(Cost.ofNanos(room)).rolling(Duration.ofDays(30));
    accounting.limits().save(leased ? limit.leased() : limit);
    return accounting;
  }
}
