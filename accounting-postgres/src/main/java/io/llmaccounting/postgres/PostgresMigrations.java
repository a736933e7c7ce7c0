package io.llmaccounting.postgres;

import java.util.List;

/**
 * The schema that this library works with.
 *
 * @param version the number of the last migration
 * @param locations folders on the class path that hold the migrations
 */
record PostgresMigrations(int version, List<String> locations) {
  static final PostgresMigrations CURRENT =
      new PostgresMigrations(16, List.of("classpath:io/llmaccounting/postgres/migration"));

  PostgresMigrations {
    locations = List.copyOf(locations);
  }
}
