package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.TimeRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of usage_event, one for each month in UTC. The month that runs and the next three
 * are made on connecting and twice a day from then on, where the role owns the tables; records
 * without a partition go to usage_event_default. Safe for use by many threads.
 */
public final class PostgresPartitions {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresPartitions.class);
  private static final int MONTHS_AHEAD = 3;
  private static final int MOST_MONTHS = 1_200;
  private static final long HOURS_BETWEEN_LOOKS = 12;

  private final PostgresConnections connections;
  private final LedgerClock clock;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "llm-accounting-partitions");
            thread.setDaemon(true);
            return thread;
          });

  PostgresPartitions(PostgresConnections connections, LedgerClock clock) {
    this.connections = connections;
    this.clock = clock;
  }

  /** The months that have a partition of their own, as the first instant of each, oldest first. */
  public List<Instant> months() {
    return connections.read(session -> existing(session).stream().map(Month::start).toList());
  }

  /**
   * Makes the partitions of a period that are missing, as before an import of old records. A month
   * of which usage_event_default holds records already is left to it.
   *
   * @throws BackendException REJECTED if the role does not own the tables
   */
  public void makeFor(TimeRange period) {
    Month first = Month.of(period.from());
    Month last = Month.of(period.to().minusNanos(1));
    if (first.month().plusMonths(MOST_MONTHS).isBefore(last.month())) {
      throw new IllegalArgumentException(
          "period must not be longer than 100 years, was %s to %s"
              .formatted(period.from(), period.to()));
    }
    NavigableSet<Month> missing = new TreeSet<>();
    for (Month month = first; month.compareTo(last) <= 0; month = month.next()) {
      missing.add(month);
    }
    missing.removeAll(connections.read(PostgresPartitions::existing));
    missing.forEach(this::make);
  }

  /**
   * How many records lie in usage_event_default because their month has no partition; this should
   * be 0.
   */
  public long recordsWithoutPartition() {
    return connections.read(session -> number(session, "SELECT count(*) FROM usage_event_default"));
  }

  /** Makes the partitions that are needed now, and goes on doing so until it is closed. */
  void keepAhead() {
    look();
    ScheduledFuture<?> unused =
        looks.scheduleWithFixedDelay(
            this::look, HOURS_BETWEEN_LOOKS, HOURS_BETWEEN_LOOKS, TimeUnit.HOURS);
  }

  void close() {
    looks.shutdownNow();
  }

  // A partition that is missing costs speed later and nothing now: it must not stop anybody.
  private void look() {
    try {
      Instant now = connections.read(clock::now);
      Month last = Month.of(now);
      for (int i = 0; i < MONTHS_AHEAD; i++) {
        last = last.next();
      }
      if (connections.read(PostgresPartitions::mayMake)) {
        makeFor(new TimeRange(now, last.next().start()));
      } else if (connections.read(PostgresPartitions::existing).stream()
          .noneMatch(Month.of(now).next()::equals)) {
        LOG.warn(
            "usage_event has no partition for the next month and this role may not make one:"
                + " give PostgresSettings an owner, or records will gather in usage_event_default");
      }
      warnOfDefault();
    } catch (Throwable e) {
      // errors of the machine are caught too: an exception would end the schedule
      LOG.warn("partitions of usage_event could not be looked after; the next look is in 12 h", e);
    }
  }

  private void warnOfDefault() {
    boolean isUsed =
        connections.read(
                session ->
                    number(
                        session,
                        "SELECT count(*) FROM (SELECT 1 FROM usage_event_default LIMIT 1) t"))
            > 0;
    if (isUsed) {
      LOG.warn(
          "usage_event_default holds records: their months had no partition when they came; they"
              + " count, and are purged one by one");
    }
  }

  private void make(Month month) {
    try {
      connections.write(
          session -> {
            try (Statement statement = session.connection().createStatement()) {
              statement.execute(
                  "CREATE TABLE IF NOT EXISTS %s PARTITION OF usage_event FOR VALUES FROM ('%s') TO ('%s')"
                      .formatted(month.partition(), month.firstId(), month.next().firstId()));
            }
            return true;
          });
    } catch (BackendException e) {
      if (!isThereOrTaken(e)) {
        throw e;
      }
    }
  }

  // Another process made it at the same moment, or records of the month lie in the default
  // partition.
  private static boolean isThereOrTaken(BackendException failure) {
    return failure.getCause() instanceof SQLException cause
        && List.of("42P07", "23505", "23514", "42P17").contains(PostgresDialect.state(cause));
  }

  static NavigableSet<Month> existing(SqlSession session) throws SQLException {
    NavigableSet<Month> months = new TreeSet<>();
    try (ResultSet rows =
        session
            .prepare(
                "SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c"
                    + " ON c.oid = i.inhrelid WHERE i.inhparent = 'usage_event'::regclass")
            .executeQuery()) {
      while (rows.next()) {
        Month.ofPartition(rows.getString(1)).ifPresent(months::add);
      }
    }
    return months;
  }

  static boolean mayMake(SqlSession session) throws SQLException {
    return number(
            session,
            "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = 'usage_event'::regclass"
                + " AND pg_catalog.pg_has_role(relowner, 'USAGE')")
        > 0;
  }

  private static long number(SqlSession session, String sql) throws SQLException {
    try (ResultSet row = session.prepare(sql).executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
