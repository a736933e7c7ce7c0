package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.shaded.hikari.HikariConfig;
import io.llmaccounting.shaded.hikari.HikariDataSource;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What would keep others waiting, or old versions of rows from being cleaned up, is short. */
class ShortTransactionsIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();
  private final AtomicInteger executed = new AtomicInteger();

  /** faults C2. */
  @Test
  void aScanHasNoTransactionOpenWhileItsReaderWorks() {
    try (PostgresBackend backend = PostgresBackend.connect(counting(), schema.settings())) {
      try (LlmAccounting accounting = LlmAccounting.create(backend)) {
        accounting.track(aCall().usage());
        List<List<String>> open = new ArrayList<>();

        backend
            .usage()
            .scan(
                TimeRange.always(),
                UsageFilter.all(),
                one ->
                    open.addAll(
                        schema.rows(
                            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in"
                                + " transaction' AND application_name = '"
                                + schema.name()
                                + "'")));

        assertThat(open).containsExactly(List.of("0"));
      }
    }
  }

  /** faults C2. */
  @Test
  void aReportHasNoViewOpenBetweenItsSlices() {
    try (LlmAccounting accounting =
            LlmAccounting.create(PostgresBackend.connect(counting(), schema.settings()));
        HikariDataSource pool = pooled(counting())) {
      for (int i = 0; i < 20; i++) {
        accounting.track(aCall().latency(Duration.ofMillis(i)).usage());
      }
      List<String> inside = new ArrayList<>();
      List<String> between = new ArrayList<>();
      UsageStore store =
          WatchedReads.of(
              WatchedReads.through(pool, schema, Shards.single()),
              4,
              () -> inside.add(openViews()),
              () -> between.add(openViews()));

      List<ReportRow> rows =
          store.report(
              new ReportQuery(
                  TimeRange.always(), UsageFilter.all(), List.of(), null, ZoneOffset.UTC, true));

      assertThat(rows).singleElement().matches(row -> row.totals().calls() == 20);
      assertThat(inside).hasSize(5).containsOnly("1");
      assertThat(between).hasSize(5).containsOnly("0");
    }
  }

  private String openViews() {
    return schema
        .rows(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_xmin IS NOT NULL"
                + " AND application_name = '"
                + schema.name()
                + "'")
        .get(0)
        .get(0);
  }

  private static HikariDataSource pooled(DataSource source) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(1);
    return new HikariDataSource(config);
  }

  /** faults C3. */
  @Test
  void repeatingAnImportTakesAsManyRoundTripsForManyDuplicatesAsForFew() {
    List<Usage> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(i % 2 == 0 ? aCall().usage() : aCall().key("k" + i).usage());
    }
    try (LlmAccounting accounting =
        LlmAccounting.create(PostgresBackend.connect(counting(), schema.settings()))) {
      accounting.trackAll(many);

      assertThat(repeating(accounting, many)).isEqualTo(repeating(accounting, many.subList(0, 4)));
    }
  }

  // The least of several, because chores of the accounting run statements meanwhile.
  private int repeating(LlmAccounting accounting, List<Usage> calls) {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      int before = executed.get();
      accounting.trackAll(calls);
      least = Math.min(least, executed.get() - before);
    }
    return least;
  }

  private DataSource counting() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(schema.server().url());
    source.setUser(schema.server().user());
    source.setPassword(schema.server().password());
    source.setApplicationName(schema.name());
    return watched(DataSource.class, source);
  }

  /** The same, counting statements that are executed. */
  private <T> T watched(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (type == PreparedStatement.class && method.getName().startsWith("execute")) {
                executed.incrementAndGet();
              }
              try {
                Object answer = method.invoke(real, arguments);
                if (answer instanceof PreparedStatement statement) {
                  return watched(PreparedStatement.class, statement);
                }
                return answer instanceof Connection connection
                    ? watched(Connection.class, connection)
                    : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
