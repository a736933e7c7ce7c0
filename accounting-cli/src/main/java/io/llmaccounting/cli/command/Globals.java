package io.llmaccounting.cli.command;

import io.llmaccounting.cli.console.Format;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command knows, before its name or after it. */
public final class Globals {
  @Option(
      names = "--db",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE|URL",
      description =
          "The database: a SQLite file, or jdbc:postgresql://HOST/DATABASE. Default:"
              + " LLM_ACCOUNTING_DB.")
  @Nullable String database;

  @Option(
      names = "--db-user",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      description = "The role for PostgreSQL. Default: LLM_ACCOUNTING_DB_USER.")
  @Nullable String databaseUser;

  @Option(
      names = "--db-password-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "A file whose first line is the password for PostgreSQL. Default:"
              + " LLM_ACCOUNTING_DB_PASSWORD_FILE; without that, LLM_ACCOUNTING_DB_PASSWORD is the"
              + " password.")
  @Nullable String passwordFile;

  @Option(
      names = "--db-schema",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      description =
          "The schema in PostgreSQL. Default: LLM_ACCOUNTING_DB_SCHEMA, or llm_accounting.")
  @Nullable String schema;

  @Option(
      names = "--audit-db",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE|URL",
      description = "The database of the audit log, where it is another one.")
  @Nullable String auditDatabase;

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      description =
          "Who does it, for the audit log's entries of changes; stands before the command. Default:"
              + " the user of the operating system.")
  @Nullable String actor;

  @Option(
      names = "--enforce-names",
      scope = ScopeType.INHERIT,
      description = "Refuse projects and users that are not in the directory.")
  boolean enforceNames;

  @Option(
      names = "--prices",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "A file of prices that come before the bundled ones; may be repeated.")
  List<String> priceFiles = new ArrayList<>();

  @Mixin final Printing printing = new Printing();

  /** How answers are printed. */
  public Printing printing() {
    return printing;
  }

  /** The zone of days, months and of times given without one. */
  public ZoneId zone() {
    return printing.zone;
  }

  /** How rows are printed. */
  public Format format() {
    return printing.format;
  }

  /** Whether projects and users must be in the directory. */
  public boolean enforcesNames() {
    return enforceNames;
  }

  /** Whether notes and progress are unwanted. */
  public boolean isQuiet() {
    return printing.quiet;
  }
}
