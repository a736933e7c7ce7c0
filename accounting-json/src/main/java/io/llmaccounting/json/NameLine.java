package io.llmaccounting.json;

import io.llmaccounting.directory.DirectoryEntry;
import java.io.IOException;

/** A project or user as a line, of the kind {@code project} or {@code user}. */
public final class NameLine {
  private NameLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, DirectoryEntry entry) throws IOException {
    to.begin(JsonWriter.word(entry.kind()))
        .text("name", entry.name())
        .text("ou", entry.organisationUnit())
        .text("email", entry.email())
        .flag("active", entry.active())
        .time("activated_at", entry.activatedAt())
        .time("deactivated_at", entry.deactivatedAt())
        .end();
  }

  /**
   * Reads a line, whose kind says what it names.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static DirectoryEntry read(JsonFields line) {
    DirectoryEntry entry =
        new DirectoryEntry(
            line.word("kind", DirectoryEntry.Kind.class),
            line.text("name"),
            line.optionalText("ou"),
            line.optionalText("email"),
            line.flag("active"),
            line.optionalInstant("activated_at"),
            line.optionalInstant("deactivated_at"));
    line.requireNoOthers();
    return entry;
  }
}
