package io.llmaccounting.cli.command;

import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.cli.readonly.ReadOnlyDatabase;
import io.llmaccounting.cli.readonly.ReadOnlyPostgres;
import io.llmaccounting.cli.readonly.ReadOnlySqlite;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database that was asked for, not opened yet.
 *
 * @param place a file, or a URL
 */
record Database(String place, Console console, Globals globals) {
  private static final String VARIABLE = "LLM_ACCOUNTING_DB";

  /** Says what a command may do to a database that is missing, or of an older version. */
  enum Access {
    /** The command changes nothing: the database must be there, and of this version. */
    EXISTING,
    /**
     * The command changes nothing either; where there is no database, an empty file elsewhere takes
     * its place.
     */
    TRYING,
    /** The command may create or migrate the database. */
    CREATING
  }

  /** The database that {@code --db} or the environment names. */
  static Database chosen(Console console, Globals globals) {
    String option = globals.database != null ? "--db" : VARIABLE;
    String place = globals.database != null ? globals.database : console.variable(VARIABLE);
    if (place == null) {
      throw Failure.usage(
          "no database was named",
          "Give --db FILE.db or --db jdbc:postgresql://HOST/DATABASE, or set LLM_ACCOUNTING_DB.");
    }
    return new Database(DatabasePlace.checked(option, place), console, globals);
  }

  /**
   * The database that {@code --audit-db} names; null where the audit log is in the same database.
   */
  static @Nullable Database ofAudit(Console console, Globals globals) {
    return globals.auditDatabase == null
        ? null
        : new Database(
            DatabasePlace.checked("--audit-db", globals.auditDatabase), console, globals);
  }

  boolean isPostgres() {
    return DatabasePlace.isPostgres(place);
  }

  UsageBackend open(Access access) {
    return isPostgres()
        ? PostgresBackend.connect(place, user(), password(), postgresSettings(access))
        : openSqlite(file(), access);
  }

  SchemaVersion schemaVersion() {
    return isPostgres()
        ? PostgresBackend.schemaVersion(
            place, user(), password(), postgresSettings(Access.EXISTING))
        : SqliteBackend.schemaVersion(file());
  }

  /** Whether the file does not exist, or the schema has no tables of ours. */
  boolean isAbsent() {
    return isPostgres() ? schemaVersion().found() == 0 : !Files.exists(file());
  }

  /** Says in words what is missing where the database is absent. */
  String absence() {
    return isPostgres()
        ? "the database has no schema of this tool yet"
        : "there is no database " + file() + " yet";
  }

  /** The database in another file, with the same settings. */
  Database at(Path file) {
    return new Database(file.toString(), console, globals);
  }

  Path file() {
    return console.file(place);
  }

  /** The database for questions that must change nothing. */
  ReadOnlyDatabase readOnly() {
    if (!isPostgres()) {
      return new ReadOnlySqlite(existing(file()));
    }
    String schema = schema();
    return new ReadOnlyPostgres(
        new ReadOnlyPostgres.Place(
            place,
            user(),
            password(),
            schema == null ? PostgresSettings.defaults().schema() : schema));
  }

  static Path existing(Path file) {
    if (!Files.exists(file)) {
      throw Failure.failed(
          "there is no database " + file,
          "Check --db; 'migrate', 'track', 'limits set', 'limits apply', 'projects add', 'users"
              + " add' and 'import' create it.");
    }
    return file;
  }

  private UsageBackend openSqlite(Path file, Access access) {
    if (access == Access.CREATING) {
      FileProblems.requireFolder(file);
    } else {
      existing(file);
    }
    SqliteSettings settings =
        SqliteSettings.defaults()
            .readers(1)
            .clock(console.ledgerClock() == null ? console.clock() : console.ledgerClock())
            .schemaMode(
                access == Access.CREATING
                    ? SqliteSettings.SchemaMode.MIGRATE
                    : SqliteSettings.SchemaMode.VALIDATE);
    return SqliteBackend.open(file, settings);
  }

  private PostgresSettings postgresSettings(Access access) {
    PostgresSettings settings =
        PostgresSettings.defaults()
            .poolSize(2)
            .schemaMode(
                access == Access.CREATING
                    ? PostgresSettings.SchemaMode.MIGRATE
                    : PostgresSettings.SchemaMode.VALIDATE);
    String schema = schema();
    if (schema != null) {
      settings = settings.schema(schema);
    }
    if (console.ledgerClock() != null) {
      settings = settings.clock(console.ledgerClock());
    }
    return settings;
  }

  private @Nullable String schema() {
    return given(globals.schema, "LLM_ACCOUNTING_DB_SCHEMA");
  }

  private @Nullable String given(@Nullable String option, String variable) {
    return option != null ? option : console.variable(variable);
  }

  private String user() {
    String user = given(globals.databaseUser, "LLM_ACCOUNTING_DB_USER");
    user = user == null ? inUrl("user") : user;
    user = user == null ? console.variable("PGUSER") : user;
    if (user == null) {
      throw Failure.usage(
          "no role for PostgreSQL was named", "Give --db-user, or set LLM_ACCOUNTING_DB_USER.");
    }
    return user;
  }

  // A password is never an option of its own: everybody on the machine can see arguments.
  private String password() {
    String file = given(globals.passwordFile, "LLM_ACCOUNTING_DB_PASSWORD_FILE");
    if (file == null) {
      String password = console.variable("LLM_ACCOUNTING_DB_PASSWORD");
      password = password == null ? inUrl("password") : password;
      return password == null ? "" : password;
    }
    try {
      List<String> lines = Files.readAllLines(console.file(file));
      return lines.isEmpty() ? "" : lines.get(0);
    } catch (IOException e) {
      throw Failure.usage(
          "the file of the password cannot be read: " + FileProblems.text(e),
          "Check --db-password-file.");
    }
  }

  private @Nullable String inUrl(String option) {
    for (String pair : place.substring(place.indexOf('?') + 1).split("&", -1)) {
      if (pair.startsWith(option + "=")) {
        return URLDecoder.decode(pair.substring(option.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return null;
  }
}
