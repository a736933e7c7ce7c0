package io.llmaccounting.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Collects parameters as SQLite keeps them: numbers as Long, ids as 16 bytes, flags as 0 or 1, JSON
 * as text. Confined to one thread.
 */
final class ValueSink implements ParameterSink {
  private final List<@Nullable Object> values = new ArrayList<>();

  @Override
  public void add(Kind kind, @Nullable Object value) {
    if (value instanceof Boolean flag) {
      values.add(flag ? 1L : 0L);
    } else if (value instanceof UUID id) {
      values.add(IdBytes.of(id));
    } else {
      values.add(value);
    }
  }

  List<@Nullable Object> values() {
    return values;
  }
}
