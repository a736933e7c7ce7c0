package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

  private int repeating(LlmAccounting accounting, List<Usage> calls) {
    int before = executed.get();
    accounting.trackAll(calls);
    return executed.get() - before;
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
