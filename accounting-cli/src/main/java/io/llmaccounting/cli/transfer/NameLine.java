package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.lines.JsonFields;
import io.llmaccounting.cli.lines.JsonWriter;
import io.llmaccounting.directory.DirectoryEntry;
import java.io.IOException;

/** A project or user as a line. */
final class NameLine {
  private NameLine() {}

  static void write(JsonWriter to, DirectoryEntry entry) throws IOException {
    Kind kind = entry.kind() == DirectoryEntry.Kind.PROJECT ? Kind.PROJECT : Kind.USER;
    to.begin(kind.word())
        .text("name", entry.name())
        .text("ou", entry.organisationUnit())
        .text("email", entry.email())
        .flag("active", entry.active())
        .time("activated_at", entry.activatedAt())
        .time("deactivated_at", entry.deactivatedAt())
        .end();
  }

  static DirectoryEntry read(JsonFields line, Kind kind) {
    return new DirectoryEntry(
        kind == Kind.PROJECT ? DirectoryEntry.Kind.PROJECT : DirectoryEntry.Kind.USER,
        line.text("name"),
        line.optionalText("ou"),
        line.optionalText("email"),
        line.flag("active"),
        line.optionalInstant("activated_at"),
        line.optionalInstant("deactivated_at"));
  }
}
