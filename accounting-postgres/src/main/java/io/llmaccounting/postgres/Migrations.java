package io.llmaccounting.postgres;

import java.util.List;

/**
 * The schema that this library works with.
 *
 * @param version the number of the last migration
 * @param locations folders on the class path that hold the migrations
 */
record Migrations(int version, List<String> locations) {
  static final Migrations CURRENT =
      new Migrations(11, List.of("classpath:io/llmaccounting/postgres/migration"));

  Migrations {
    locations = List.copyOf(locations);
  }
}
