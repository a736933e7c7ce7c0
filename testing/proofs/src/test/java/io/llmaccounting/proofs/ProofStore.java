package io.llmaccounting.proofs;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a proof keeps its calls, in words that other processes understand.
 *
 * @param address a file of SQLite, or a URL of PostgreSQL
 * @param schema the schema on PostgreSQL
 * @param spool the folder of the spool
 * @param mode how the spool is used
 */
record ProofStore(String address, String schema, Path spool, Mode mode) {
  /** How the spool is used. */
  enum Mode {
    NEVER,
    IN_OUTAGES,
    ALWAYS
  }

  static ProofStore of(String[] arguments) {
    return new ProofStore(
        arguments[0], arguments[1], Path.of(arguments[2]), Mode.valueOf(arguments[3]));
  }

  String[] arguments(Object... more) {
    String[] all = new String[4 + more.length];
    all[0] = address;
    all[1] = schema;
    all[2] = spool.toString();
    all[3] = mode.name();
    for (int i = 0; i < more.length; i++) {
      all[4 + i] = more[i].toString();
    }
    return all;
  }

  boolean isServer() {
    return address.startsWith("jdbc:");
  }

  UsageBackend backend() {
    if (isServer()) {
      return PostgresBackend.connect(
          address, "postgres", "postgres", PostgresSettings.defaults().schema(schema).poolSize(4));
    }
    return SqliteBackend.open(
        Path.of(address), SqliteSettings.defaults().busyTimeout(Duration.ofSeconds(2)));
  }

  LlmAccountingBuilder accounting() {
    LlmAccountingBuilder settings = LlmAccounting.builder(this::backend);
    return switch (mode) {
      case NEVER -> settings;
      case IN_OUTAGES -> settings.spool(SqliteSpool.at(spool));
      case ALWAYS -> settings.spoolAlways(SqliteSpool.at(spool));
    };
  }
}
