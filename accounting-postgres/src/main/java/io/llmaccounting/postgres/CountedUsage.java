package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Window;
import io.llmaccounting.sql.SqlLimitStore;
import io.llmaccounting.sql.SqlSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;

/** From when on limits still count usage. Lifetime limits keep no usage from being dropped. */
final class CountedUsage {
  private CountedUsage() {}

  static void requireNoneBefore(SqlSession session, Instant horizon, Instant now)
      throws SQLException {
    for (StoredLimit stored : SqlLimitStore.all(session)) {
      Instant from = countedFrom(stored.limit().window(), now);
      if (from.isBefore(horizon)) {
        throw new BackendException(
            Kind.REJECTED,
            "limit \"%s\" still counts usage from %s on, so nothing up to %s can be dropped; name an earlier instant, or force it"
                .formatted(stored.limit().name(), from, horizon));
      }
    }
  }

  private static Instant countedFrom(Window window, Instant now) {
    if (window instanceof Window.Rolling rolling) {
      return now.minus(rolling.length());
    }
    if (window instanceof Window.RollingMonths rolling) {
      return now.atOffset(ZoneOffset.UTC).minusMonths(rolling.months()).toInstant();
    }
    if (window instanceof Window.Calendar calendar) {
      return calendar.at(now).from();
    }
    return Instant.MAX;
  }
}
