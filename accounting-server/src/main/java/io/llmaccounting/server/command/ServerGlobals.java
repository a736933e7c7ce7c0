package io.llmaccounting.server.command;

import io.llmaccounting.cli.command.Printing;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command of the server knows, before its name or after it. */
final class ServerGlobals {
  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "A file of settings. Default: LLM_ACCOUNTING_CONFIG, or llm-accounting-server.yaml in the"
              + " working folder if it is there.")
  @Nullable String config;

  @Option(
      names = "--set",
      scope = ScopeType.INHERIT,
      paramLabel = "SETTING=VALUE",
      description =
          "A setting, such as drain=2m; may be repeated. Comes before variables and file.")
  Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--db",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE|URL",
      description =
          "The database: a SQLite file, or jdbc:postgresql://HOST/DATABASE. Default:"
              + " LLM_ACCOUNTING_DB, or llm-accounting.db in the working folder.")
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
      names = "--actor",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      description =
          "Who does it, for the audit log's entries of changes. Default: the user of the operating"
              + " system.")
  @Nullable String actor;

  @Mixin final Printing printing = new Printing();

  /** What was given, by the path of the setting. */
  Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>(settings);
    put(options, "db.place", database);
    put(options, "db.user", databaseUser);
    put(options, "db.password-file", passwordFile);
    put(options, "db.schema", schema);
    return options;
  }

  static void put(Map<String, String> options, String path, @Nullable String value) {
    if (value != null) {
      options.put(path, value);
    }
  }
}
