package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.SettingsTable.SETTINGS;

import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlSession;
import java.sql.SQLException;
import java.time.Instant;

/** The instant from which on the records are complete. */
final class PurgeHorizon {
  private static final String NAME = "purge_horizon";

  private PurgeHorizon() {}

  static Instant read(SqlSession session) throws SQLException {
    Long stored =
        session
            .dsl()
            .select(SETTINGS.value)
            .from(SETTINGS)
            .where(SETTINGS.name.eq(NAME))
            .fetchOne(SETTINGS.value);
    if (stored == null) {
      throw new SQLException("settings must say " + NAME + ", but has no such row");
    }
    return Micros.instant(stored);
  }
}
