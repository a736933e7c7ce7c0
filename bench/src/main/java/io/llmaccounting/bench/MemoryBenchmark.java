package io.llmaccounting.bench;

import io.github.bucket4j.Bucket;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Questions that are answered from memory, beside a bucket in memory. One thread. */
final class MemoryBenchmark implements Benchmark {
  private static final long ROOM = 1L << 50;
  private static final int BUNDLE = 100;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<Comparison> run(Bench bench) throws Exception {
    Bucket bucket =
        Bucket.builder()
            .addLimit(limit -> limit.capacity(ROOM).refillGreedy(1_000_000, Duration.ofSeconds(1)))
            .build();
    Store store = bench.stores().get(0);
    List<Comparison> rows = new ArrayList<>();
    try (Store.Place place = store.fresh();
        LlmAccounting accounting =
            LlmAccounting.builder(place.open()).rememberDenials(Duration.ofMillis(5)).build()) {
      accounting
          .limits()
          .save(Limit.named("somebody else").user("bob").requests(5).rolling(Duration.ofHours(1)));
      accounting
          .limits()
          .save(Limit.named("nobody").user("carol").requests(0).rolling(Duration.ofHours(1)));
      CallRequest unwatched = request("alice");
      CallRequest denied = request("carol");
      rows.add(
          compare(
              bench,
              "check that no limit watches",
              () -> require(accounting.quotas().check(unwatched).isAdmitted()),
              bucket));
      rows.add(
          compare(
              bench,
              "check denied from memory",
              () -> require(!accounting.quotas().check(denied).isAdmitted()),
              bucket));
      rows.add(
          compare(
              bench,
              "reserve denied from memory",
              () -> require(!accounting.quotas().reserve(denied).decision().isAdmitted()),
              bucket));
    }
    return rows;
  }

  private static CallRequest request(String user) {
    return CallRequest.to("gpt-5").user(user).inputTokens(800).maxOutputTokens(500);
  }

  // By the median: a remembered denial is asked of the store again every 5 ms.
  private static Comparison compare(Bench bench, String name, Runnable ours, Bucket bucket)
      throws Exception {
    Comparison found =
        Comparison.alternating(
            new Names(name, "one thread", "Bucket4j tryConsume in memory"),
            new Target(false, 3, "× median time"),
            bench.scale().rounds(),
            () -> timed(bench, ours),
            () -> timed(bench, () -> require(bucket.tryConsume(1))));
    return found.withValue((double) found.ours().p50() / found.theirs().p50());
  }

  private static Measured timed(Bench bench, Runnable work) throws Exception {
    Measured bundles =
        new Load(1, bench.scale().seconds() / 2, Probe.NONE)
            .run(
                (thread, number) -> {
                  for (int i = 0; i < BUNDLE; i++) {
                    work.run();
                  }
                });
    return new Measured(
        bundles.operations() * BUNDLE,
        bundles.seconds(),
        bundles.p50() / BUNDLE,
        bundles.p99() / BUNDLE,
        bundles.p999() / BUNDLE,
        bundles.cpu() / BUNDLE,
        bundles.bytes() / BUNDLE,
        Double.NaN,
        Double.NaN);
  }

  private static void require(boolean expected) {
    if (!expected) {
      throw new IllegalStateException("was answered the other way round");
    }
  }
}
