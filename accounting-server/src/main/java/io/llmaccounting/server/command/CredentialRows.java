package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Sheet;
import java.util.List;

/** How credentials are printed; what is in them never is. */
final class CredentialRows {
  static final List<Column> COLUMNS =
      List.of(
          Column.id("id"),
          Column.text("upstream"),
          Column.text("project"),
          Column.text("name"),
          Column.text("sealed_by"),
          Column.time("created_at"));

  private CredentialRows() {}

  static void row(Sheet sheet, ProviderCredential one) {
    sheet.row(one.id(), one.upstream(), one.project(), one.name(), one.sealedBy(), one.createdAt());
  }
}
