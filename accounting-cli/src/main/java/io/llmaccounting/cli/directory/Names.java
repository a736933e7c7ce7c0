package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.directory.DirectoryEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A group of commands about names of one kind, and how such names are printed. */
interface Names {
  /** The kind of the names. */
  DirectoryEntry.Kind kind();

  /** The word that people use for one such name. */
  default String word() {
    return kind().name().toLowerCase(Locale.ROOT);
  }

  /** The failure where there is no entry of this name. */
  default Failure unknown(String name) {
    return Failure.failed(
        "there is no %s \"%s\"".formatted(word(), name),
        "See 'llm-accounting %ss list'.".formatted(word()));
  }

  /** Prints one entry. */
  default void print(Run run, DirectoryEntry entry) {
    try (Sheet sheet = run.record(columns())) {
      row(sheet, entry);
    }
  }

  /** The columns that are printed of each entry. */
  default List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("name"));
    columns.add(Column.flag("active"));
    if (kind() == DirectoryEntry.Kind.USER) {
      columns.add(Column.text("ou").asSpare());
      columns.add(Column.text("email").asSpare());
    }
    columns.add(Column.time("activated_at"));
    columns.add(Column.time("deactivated_at").asSpare());
    return columns;
  }

  /** Prints one entry as a row among others. */
  default void row(Sheet sheet, DirectoryEntry entry) {
    if (kind() == DirectoryEntry.Kind.USER) {
      sheet.row(
          entry.name(),
          entry.active(),
          entry.organisationUnit(),
          entry.email(),
          entry.activatedAt(),
          entry.deactivatedAt());
    } else {
      sheet.row(entry.name(), entry.active(), entry.activatedAt(), entry.deactivatedAt());
    }
  }
}
