package io.llmaccounting.bench;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.proxy.RemoteBucketBuilder;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.llmaccounting.bench.PostgresStore.PostgresPlace;
import io.llmaccounting.shaded.hikari.HikariConfig;
import io.llmaccounting.shaded.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Bucket4j on PostgreSQL, with one key that everybody runs into and a pool as large as its threads.
 */
final class Buckets implements AutoCloseable {
  /** More than anybody consumes. */
  static final long ROOM = 1L << 40;

  private final HikariDataSource pool;
  private final ProxyManager<Long> manager;

  private Buckets(HikariDataSource pool) {
    this.pool = pool;
    this.manager = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(pool).build();
  }

  /** Its table is made in {@code place}. */
  static Buckets in(PostgresStore store, PostgresPlace place, int threads) throws SQLException {
    store.run(
        "CREATE TABLE %s.bucket (id bigint PRIMARY KEY, state bytea, expires_at bigint)"
            .formatted(place.schema()));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(store.url());
    config.setUsername(store.user());
    config.setPassword(store.password());
    config.setSchema(place.schema());
    config.setMaximumPoolSize(threads);
    return new Buckets(new HikariDataSource(config));
  }

  /** Each consumption locks the row. */
  Load.Work selectForUpdate() {
    return consuming(manager.builder(), 1);
  }

  /** Consumptions that wait together lock the row once. */
  Load.Work batching() {
    return consuming(manager.builder().withOptimization(Optimizations.batching()), 2);
  }

  private static Load.Work consuming(RemoteBucketBuilder<Long> builder, long key) {
    BucketConfiguration configuration =
        BucketConfiguration.builder()
            .addLimit(
                Bandwidth.builder()
                    .capacity(ROOM)
                    .refillIntervally(ROOM, Duration.ofHours(1))
                    .build())
            .build();
    BucketProxy bucket = builder.build(key, () -> configuration);
    return (thread, number) -> {
      if (!bucket.tryConsume(1)) {
        throw new IllegalStateException("the bucket is empty");
      }
    };
  }

  @Override
  public void close() {
    pool.close();
  }
}
