package io.llmaccounting.sqlite;

import java.sql.SQLException;

/** A file of a spool does not hold what was written to it. */
final class SpoolDamage extends SQLException {
  private static final long serialVersionUID = 1L;

  SpoolDamage(String what) {
    super(what);
  }
}
