package io.llmaccounting.bench;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.bench.PostgresStore.PostgresPlace;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.shaded.hikari.HikariConfig;
import io.llmaccounting.shaded.hikari.HikariDataSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One limit that everybody runs into, beside Bucket4j with one key on the same server. */
final class HotLimitBenchmark implements Benchmark {
  private static final long ROOM = 1L << 40;

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
    return Limit.named("everybody").requests(ROOM).rolling(Duration.ofHours(1));
  }

  private static List<Comparison> run(Bench bench, PostgresStore store) throws Exception {
    try (PostgresPlace ours = store.fresh();
        PostgresPlace theirs = store.fresh();
        LlmAccounting accounting = LlmAccounting.create(ours.open());
        HikariDataSource pool = pool(store, theirs, bench.scale().threads())) {
      accounting.limits().save(everybody());
      store.run(
          "CREATE TABLE %s.bucket (id bigint PRIMARY KEY, state bytea, expires_at bigint)"
              .formatted(theirs.schema()));
      ProxyManager<Long> manager = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(pool).build();
      BucketConfiguration configuration =
          BucketConfiguration.builder()
              .addLimit(
                  Bandwidth.builder()
                      .capacity(ROOM)
                      .refillIntervally(ROOM, Duration.ofHours(1))
                      .build())
              .build();
      Calls[] calls = bench.calls();
      Load load = bench.load(store);
      Comparison.Side us =
          () ->
              load.run(
                  (thread, number) ->
                      QuotaBenchmark.pair(accounting, calls[thread].next(bench.now())));
      BucketProxy plain = manager.builder().build(1L, () -> configuration);
      BucketProxy batching =
          manager
              .builder()
              .withOptimization(Optimizations.batching())
              .build(2L, () -> configuration);
      return List.of(
          compare(bench, us, new Rival("SELECT FOR UPDATE", 8, () -> consume(load, plain))),
          compare(bench, us, new Rival("batching", 2, () -> consume(load, batching))));
    }
  }

  /** A way to use Bucket4j, and how many times as much as it we want to do. */
  private record Rival(String how, int times, Comparison.Side side) {}

  private static Measured consume(Load load, BucketProxy bucket) throws Exception {
    return load.run(
        (thread, number) -> {
          if (!bucket.tryConsume(1)) {
            throw new IllegalStateException("the bucket is empty");
          }
        });
  }

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

  private static HikariDataSource pool(PostgresStore store, PostgresPlace place, int threads) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(store.url());
    config.setUsername(store.user());
    config.setPassword(store.password());
    config.setSchema(place.schema());
    config.setMaximumPoolSize(threads);
    return new HikariDataSource(config);
  }
}
