package io.llmaccounting.sql.sinks;

import io.llmaccounting.backend.OutboxPage;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.UsageId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ids of records in their order, a page at a time. Where keys do not begin with the id,
 * it looks into windows of time, because whatever it is asked for is sorted. Stateless.
 */
final class PastRecords {
  /** Behind all ids there are. */
  static final UUID LAST = new UUID(-1L, -1L);

  private static final Duration FIRST_WINDOW = Duration.ofHours(1);
  private static final Instant END = Instant.parse("6001-01-01T00:00:00Z");

  private final SqlDialect dialect;
  private final String page;
  private final String last;

  PastRecords(SqlDialect dialect) {
    this.dialect = dialect;
    String from = "SELECT e.id FROM usage_event e WHERE " + dialect.shards().anywhere("e");
    this.page = from + "e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ?";
    this.last = from + "e.id <= ? ORDER BY e.id DESC LIMIT 1";
  }

  /** The ids of a page, and how far it reaches. */
  record Page(List<UUID> ids, OutboxPage.Scan scan) {}

  /** The id just before those of calls made at {@code from}. */
  static UUID before(Instant from) {
    UUID floor = UsageId.floor(from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from);
    return new UUID(floor.getMostSignificantBits(), floor.getLeastSignificantBits() - 1);
  }

  /** The last id there is, or that of 1970. */
  UUID last(SqlSession session) throws SQLException {
    PreparedStatement statement = session.prepare(last);
    new Parameters(statement, dialect).id(LAST);
    List<UUID> found = ids(statement);
    return found.isEmpty() ? before(Instant.EPOCH) : found.get(0);
  }

  /** The records behind {@code after}, at most {@code most}. */
  Page read(SqlSession session, UUID after, @Nullable UUID to, int most) throws SQLException {
    UUID end = to == null ? LAST : to;
    Duration window = FIRST_WINDOW;
    UUID from = after;
    while (true) {
      UUID bound = dialect.shards().isSpread() ? bound(from, window, end) : end;
      PreparedStatement statement = session.prepare(page);
      new Parameters(statement, dialect).id(from).id(bound).number(most);
      List<UUID> ids = ids(statement);
      if (ids.size() >= most) {
        return new Page(ids, new OutboxPage.Scan(after, ids.get(ids.size() - 1)));
      }
      if (bound.equals(end)) {
        return new Page(ids, new OutboxPage.Scan(after, null));
      }
      if (!ids.isEmpty()) {
        return new Page(ids, new OutboxPage.Scan(after, bound));
      }
      from = bound;
      window = window.multipliedBy(2);
    }
  }

  private static UUID bound(UUID from, Duration window, UUID end) {
    Instant until = UsageId.timeOf(from).plus(window);
    if (!until.isBefore(END)) {
      return end;
    }
    UUID bound = before(until);
    return UsageId.timeOf(bound).isBefore(UsageId.timeOf(end)) ? bound : end;
  }

  private List<UUID> ids(PreparedStatement statement) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        ids.add(new Columns(row, dialect).id());
      }
    }
    return ids;
  }
}
