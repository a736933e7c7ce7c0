package io.llmaccounting.sql.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.usage.Attribution;
import java.sql.SQLException;
import java.util.Map;

/** An audit entry as a row: all columns of audit_entry in their order. */
final class AuditRow {
  private static final String COLUMNS =
      "id, at, type, actor, outcome, model, project, user_name, caller,"
          + " session, usage_id, response_id, prompt, response, attributes";

  private AuditRow() {}

  static String insert(Shards shards) {
    String columns = shards.key(COLUMNS);
    return "INSERT INTO audit_entry (%s) VALUES (?%s) ON CONFLICT DO NOTHING"
        .formatted(columns, ", ?".repeat(columns.split(",").length - 1));
  }

  static void bind(AuditEntry entry, Parameters to) throws SQLException {
    Attribution who = entry.attribution();
    to.id(entry.id())
        .instant(entry.at())
        .text(entry.type())
        .text(entry.actor())
        .text(entry.outcome())
        .text(entry.model())
        .text(who.project())
        .text(who.user())
        .text(who.caller())
        .text(who.session())
        .id(entry.usageId())
        .text(entry.responseId())
        .text(entry.prompt())
        .text(entry.response())
        .json(entry.attributes());
  }

  // Arguments are evaluated from left to right: the components are the columns' order.
  static AuditEntry read(Columns from) throws SQLException {
    return new AuditEntry(
        from.id(),
        from.instant(),
        from.text(),
        from.optionalText(),
        from.optionalText(),
        from.optionalText(),
        new Attribution(
            from.optionalText(),
            from.optionalText(),
            from.optionalText(),
            from.optionalText(),
            Map.of()),
        from.optionalId(),
        from.optionalText(),
        from.optionalText(),
        from.optionalText(),
        from.texts());
  }

  /** The entry as it is kept. */
  static AuditEntry withoutTags(AuditEntry entry) {
    Attribution who = entry.attribution();
    return new AuditEntry(
        entry.id(),
        entry.at(),
        entry.type(),
        entry.actor(),
        entry.outcome(),
        entry.model(),
        new Attribution(who.project(), who.user(), who.caller(), who.session(), Map.of()),
        entry.usageId(),
        entry.responseId(),
        entry.prompt(),
        entry.response(),
        entry.attributes());
  }
}
