package io.llmaccounting.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Takes the parameters of a statement one after the other. Confined to one thread. */
interface ParameterSink {
  /** The kind of a parameter; null has a kind too. */
  enum Kind {
    TEXT("text"),
    NUMBER("int8"),
    SHARD("int4"),
    FLAG("bool"),
    ID("uuid"),
    BYTES("bytea"),
    JSON("jsonb");

    private final String postgresType;

    Kind(String postgresType) {
      this.postgresType = postgresType;
    }

    String postgresType() {
      return postgresType;
    }
  }

  /**
   * Takes the next parameter: a String, Long, Integer, Boolean, UUID or byte[], as the kind says.
   */
  void add(Kind kind, @Nullable Object value) throws SQLException;
}
