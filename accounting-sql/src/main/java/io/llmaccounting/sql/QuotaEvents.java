package io.llmaccounting.sql;

import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.TimeRange;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Stores the events of quotas: fired alerts and counted denials. Thread-safe. */
final class QuotaEvents {
  private static final String DENIALS =
      "SELECT limit_name, subject, minute, denials, last_requested, last_reason FROM quota_denial"
          + " WHERE %sminute >= ? AND minute < ? ORDER BY minute DESC, limit_name, subject";
  private static final String ALERTS =
      "SELECT id, limit_name, subject, percent, fired_at, used, maximum FROM alert_fired";

  private final MultiRow addDenials;
  private final MultiRow addAlerts;
  private final MultiRow locked;
  private final MultiRow delivered;

  private record Denied(String limit, String subject, Instant minute)
      implements Comparable<Denied> {
    private static final Comparator<Denied> ORDER =
        Comparator.comparing(Denied::limit)
            .thenComparing(Denied::subject)
            .thenComparing(Denied::minute);

    static Denied of(DenialCount denial) {
      return new Denied(denial.limit(), denial.subject(), denial.minute());
    }

    @Override
    public int compareTo(Denied other) {
      return ORDER.compare(this, other);
    }
  }

  QuotaEvents(SqlDialect dialect) {
    this.addDenials =
        new MultiRow(
            dialect,
            "INSERT INTO quota_denial"
                + " (limit_name, subject, minute, denials, last_requested, last_reason) ",
            6,
            " ON CONFLICT ("
                + dialect.shards().key("limit_name, subject, minute")
                + ") DO UPDATE SET denials = "
                + SaturatedSql.sum("quota_denial.denials", "excluded.denials")
                + ","
                + " last_requested = excluded.last_requested, last_reason = excluded.last_reason");
    this.addAlerts =
        new MultiRow(
            dialect,
            "INSERT INTO alert_fired"
                + " (id, limit_name, subject, percent, fired_at, used, maximum, delivered) ",
            8,
            " ON CONFLICT DO NOTHING");
    this.locked =
        new MultiRow(
            dialect,
            "SELECT id FROM alert_fired WHERE " + dialect.shards().home() + "id IN (",
            1,
            ") ORDER BY id" + dialect.locking(SqlDialect.RowLock.EXCLUSIVE));
    this.delivered =
        new MultiRow(
            dialect,
            "UPDATE alert_fired SET delivered = TRUE WHERE " + dialect.shards().home() + "id IN (",
            1,
            ")");
  }

  void addDenials(Pipeline pipeline, List<DenialCount> denials) throws SQLException {
    Map<Denied, DenialCount> joined = new TreeMap<>();
    for (DenialCount denial : denials) {
      joined.merge(Denied.of(denial), denial, DenialCount::plus);
    }
    addDenials.add(
        pipeline,
        new ArrayList<>(joined.values()),
        (denial, to) ->
            to.text(denial.limit())
                .text(denial.subject())
                .instant(denial.minute())
                .number(denial.count())
                .number(denial.lastRequested())
                .text(denial.lastReason()));
  }

  void addAlerts(Pipeline pipeline, List<Alert> alerts) throws SQLException {
    addAlerts.add(
        pipeline,
        alerts.stream().sorted(Comparator.comparing(Alert::id)).toList(),
        (alert, to) ->
            to.id(alert.id())
                .text(alert.limit())
                .text(alert.subject())
                .number(alert.percent())
                .instant(alert.firedAt())
                .number(alert.used())
                .number(alert.maximum())
                .flag(false));
  }

  void markDelivered(SqlSession session, List<UUID> ids) throws SQLException {
    if (!session.dialect().locking(SqlDialect.RowLock.EXCLUSIVE).isEmpty()) {
      locked.query(session, ids, (id, to) -> to.id(id), row -> {});
    }
    delivered.update(session, ids, (id, to) -> to.id(id));
  }

  static List<DenialCount> denials(SqlSession session, TimeRange period) throws SQLException {
    PreparedStatement statement =
        session.prepare(DENIALS.formatted(session.dialect().shards().home()));
    new Parameters(statement, session.dialect()).instant(period.from()).instant(period.to());
    // a row of others under the name of an older version comes after that under today's
    Map<Denied, DenialCount> denials = new LinkedHashMap<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        Columns from = new Columns(rows, session.dialect());
        DenialCount denial =
            new DenialCount(
                from.text(),
                from.text(),
                from.instant(),
                from.number(),
                from.number(),
                from.text());
        denials.merge(Denied.of(denial), denial, (today, older) -> older.plus(today));
      }
    }
    return new ArrayList<>(denials.values());
  }

  static List<Alert> alerts(SqlSession session, boolean undeliveredOnly) throws SQLException {
    Shards shards = session.dialect().shards();
    PreparedStatement statement =
        session.prepare(
            ALERTS
                + (undeliveredOnly
                    ? " WHERE " + shards.home() + "NOT delivered"
                    : shards.onlyHome()));
    List<Alert> alerts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        Columns from = new Columns(rows, session.dialect());
        alerts.add(
            new Alert(
                from.id(),
                from.text(),
                from.text(),
                Math.toIntExact(from.number()),
                from.instant(),
                from.number(),
                from.number()));
      }
    }
    alerts.sort(Comparator.comparing(Alert::firedAt).thenComparing(Alert::id));
    return alerts;
  }
}
