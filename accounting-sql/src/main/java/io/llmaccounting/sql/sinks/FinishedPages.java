package io.llmaccounting.sql.sinks;

import io.llmaccounting.backend.OutboxPage;
import io.llmaccounting.sql.MultiRow;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes what became of a page. Safe for use by many threads. */
final class FinishedPages {
  private final SqlDialect dialect;
  private final MultiRow remove;
  private final MultiRow refuse;
  private final MultiRow accept;
  private final String count;
  private final String advance;

  FinishedPages(SqlDialect dialect) {
    this.dialect = dialect;
    String home = dialect.shards().home();
    this.remove =
        new MultiRow(
            dialect,
            "DELETE FROM sink_outbox AS o WHERE "
                + dialect.shards().anywhere("o")
                + "(o.sink, o.id) IN (",
            2,
            ")");
    this.refuse =
        new MultiRow(
            dialect,
            "INSERT INTO sink_refused (sink, usage_id, at, reason) ",
            4,
            " ON CONFLICT ("
                + dialect.shards().key("sink, usage_id")
                + ") DO UPDATE SET at = excluded.at, reason = excluded.reason");
    this.accept =
        new MultiRow(
            dialect, "DELETE FROM sink_refused WHERE " + home + "(sink, usage_id) IN (", 2, ")");
    this.count =
        "UPDATE sink SET delivered = delivered + ?, delivered_at = ? WHERE " + home + "name = ?";
    this.advance =
        "UPDATE sink SET scan_after = ?, scan_to = CASE WHEN ? = 1 THEN NULL ELSE scan_to END"
            + " WHERE "
            + home
            + "name = ? AND scan_after = ?";
  }

  /** Writes it; whoever claimed the sink meanwhile delivers what is left. */
  void write(SqlSession session, OutboxPage page, Map<UUID, String> refused, Instant now)
      throws SQLException {
    SinkRow unused =
        SinkRow.read(session, page.sink(), dialect.shards().home().isEmpty() ? "" : " FOR UPDATE");
    List<UUID> items = page.items().stream().map(item -> item.record().usage().id()).toList();
    long taken = items.stream().filter(id -> !refused.containsKey(id)).count();
    PreparedStatement counted = session.prepare(count);
    new Parameters(counted, dialect).number(taken).instant(now).text(page.sink());
    counted.executeUpdate();
    OutboxPage.Scan scan = page.scan();
    if (scan != null) {
      PreparedStatement advanced = session.prepare(advance);
      new Parameters(advanced, dialect)
          .id(scan.to())
          .number(scan.to() == null ? 1 : 0)
          .text(page.sink())
          .id(scan.after());
      advanced.executeUpdate();
    }
    remove.update(
        session,
        page.entries().stream().sorted().toList(),
        (id, to) -> to.text(page.sink()).id(id));
    accept.update(
        session,
        items.stream().filter(id -> !refused.containsKey(id)).sorted().toList(),
        (id, to) -> to.text(page.sink()).id(id));
    refuse.update(
        session,
        refused.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList(),
        (one, to) -> to.text(page.sink()).id(one.getKey()).instant(now).text(one.getValue()));
  }
}
