package io.llmaccounting.cli.command;

import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.postgres.PostgresBackend;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a database is. Text that cannot be read is refused without being shown: a connection string
 * with a slip in it still holds its password.
 */
public final class DatabasePlace {
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final String SQLITE = "jdbc:sqlite:";

  // a scheme of one letter is a drive of Windows
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+._-]+:.*");

  private DatabasePlace() {}

  /**
   * Returns the text if it is a file's name, or a readable URL of PostgreSQL.
   *
   * @param option what it was given with, for the message
   */
  public static String checked(String option, String text) {
    if (text.startsWith(POSTGRES)) {
      if (!PostgresBackend.isUrl(text)) {
        throw refused(option, "a URL of PostgreSQL that cannot be read");
      }
      return text;
    }
    String file = text.startsWith(SQLITE) ? text.substring(SQLITE.length()) : text;
    boolean secret = file.toLowerCase(Locale.ROOT).contains("password=");
    if (secret || file.contains("://") || SCHEME.matcher(file).matches()) {
      throw refused(option, "neither a file nor jdbc:postgresql://...");
    }
    return file;
  }

  /** Whether a text that was checked is a URL of PostgreSQL. */
  public static boolean isPostgres(String checked) {
    return checked.startsWith(POSTGRES);
  }

  private static Failure refused(String option, String what) {
    return Failure.usage(
        option + " is " + what + "; it is not shown, because it may hold a password",
        "Give --db FILE.db (./FILE.db where its name has a colon) or --db"
            + " jdbc:postgresql://HOST:PORT/DATABASE, the role with --db-user and its password in"
            + " a file with --db-password-file.");
  }
}
