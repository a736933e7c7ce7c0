package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlWork;
import io.llmaccounting.sql.report.SqlUsageStore;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Reads as a backend does, running something inside each transaction and after it. */
record WatchedReads(Connections real, Runnable inside, Runnable between) implements Connections {

  /** A store whose reports look at so many rows in one transaction. */
  static UsageStore of(
      TestSchema schema, Shards shards, int slice, Runnable inside, Runnable between) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(schema.server().url());
    source.setUser(schema.server().user());
    source.setPassword(schema.server().password());
    return of(through(source, schema, shards), slice, inside, between);
  }

  /** The same by way of {@code real}. */
  static UsageStore of(Connections real, int slice, Runnable inside, Runnable between) {
    return new SqlUsageStore(new WatchedReads(real, inside, between), slice);
  }

  /** Connections of {@code source}. */
  static Connections through(DataSource source, TestSchema schema, Shards shards) {
    return new PostgresConnections(
        source,
        new PostgresDialect(schema.name(), shards),
        TransactionStart.borrowed(schema.settings()));
  }

  @Override
  public <T> T read(SqlWork<T> work) {
    T read =
        real.read(
            session -> {
              T result = work.run(session);
              inside.run();
              return result;
            });
    between.run();
    return read;
  }

  @Override
  public <T> T write(SqlWork<T> work) {
    return real.write(work);
  }
}
