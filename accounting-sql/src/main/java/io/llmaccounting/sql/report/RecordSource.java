package io.llmaccounting.sql.report;

import io.llmaccounting.sql.ReportNames;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.Dimension;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Adds up records, which are {@code e}, with their latest corrections, {@code a}. Confined to one
 * run.
 */
final class RecordSource implements ReportSource {
  private final SqlDialect dialect;
  private final RecordSteps steps;
  private final Set<Dimension> folded;
  private final long at;

  RecordSource(SqlDialect dialect) {
    this(dialect, new RecordSteps(dialect), Set.of(), 0);
  }

  private RecordSource(SqlDialect dialect, RecordSteps steps, Set<Dimension> folded, long at) {
    this.dialect = dialect;
    this.steps = steps;
    this.folded = folded;
    this.at = at;
  }

  /** Returns a source that names these dimensions as rollups of the day around an instant do. */
  RecordSource called(Set<Dimension> dimensions, long instant) {
    return new RecordSource(dialect, steps, dimensions, instant);
  }

  @Override
  public String table() {
    return UsageRow.source(dialect);
  }

  @Override
  public String value(Dimension dimension) {
    String name = name(dimension);
    return folded.contains(dimension) ? ReportNames.called(dialect, at, dimension, name) : name;
  }

  private String name(Dimension dimension) {
    return switch (dimension.kind()) {
      case MODEL -> "e.model";
      case PROVIDER -> "e.provider";
      case PROJECT -> "e.project";
      case USER -> "e.user_name";
      case CALLER -> "e.caller";
      case SESSION -> "e.session";
      case RESPONSE_MODEL -> "e.response_model";
      case OPERATION -> "e.operation";
      case OUTCOME -> SumColumns.OUTCOME;
      case SOURCE -> SumColumns.SOURCE;
      case TAG -> tag(Objects.requireNonNull(dimension.tagName(), "tagName"));
    };
  }

  // On SQLite by comparing names: its paths and arrows read some names as something else.
  private String tag(String name) {
    String text = "'" + name.replace("'", "''") + "'";
    return dialect.family() == SqlDialect.Family.SQLITE
        ? "(SELECT t.value FROM json_each(e.tags) t WHERE t.key = " + text + ")"
        : "(e.tags ->> " + text + ")";
  }

  @Override
  public String absent(Dimension dimension) {
    return value(dimension) + " IS NULL";
  }

  /** Everything that lies in a half-open range of microseconds; ids narrow it to a key range. */
  @Override
  public void in(SlicePart part, SqlQuery to) {
    ids(part, to);
    to.add(" AND e.occurred_at >= ").number(part.slice().from());
    to.add(" AND e.occurred_at < ").number(part.slice().to());
  }

  /** Adds the condition of the ids of a slice. */
  void ids(SlicePart part, SqlQuery to) {
    to.add(dialect.shards().anywhere("e")).add("e.id >= ").id(part.first());
    to.add(" AND e.id < ").id(part.end());
  }

  @Override
  public String start(Grain grain) {
    return "e.occurred_at / %1$d * %1$d".formatted(grain.micros());
  }

  @Override
  public List<String> sums() {
    return SumColumns.ofRecords(dialect);
  }

  @Override
  public Cut cut(SqlSession session, SlicePart part, int most) throws SQLException {
    return steps.cut(session, part, most);
  }

  /** The first id in a slice. */
  @Nullable UUID first(SqlSession session, SlicePart part) throws SQLException {
    return steps.first(session, part);
  }

  /** The last id in a slice. */
  @Nullable UUID last(SqlSession session, SlicePart part) throws SQLException {
    return steps.last(session, part);
  }

  /** Cuts from the end: the part that is behind everything else comes first. */
  Cut cutBack(SqlSession session, SlicePart part, int most) throws SQLException {
    return steps.cutBack(session, part, most);
  }
}
