package io.llmaccounting.sqlite;

import java.util.List;

/**
 * The schema that this library works with.
 *
 * @param version the number of the last migration
 * @param locations folders on the class path that hold the migrations
 * @param scripts the migrations by file name, in their order, for making the schema of a new file;
 *     none where it is to be made by looking for them
 */
record SqliteMigrations(int version, List<String> locations, List<String> scripts) {
  static final SqliteMigrations CURRENT =
      new SqliteMigrations(
          16,
          List.of("classpath:io/llmaccounting/sqlite/migration"),
          List.of(
              "V001__create_schema.sql",
              "V002__seal_audit_entries.sql",
              "V003__keep_bases_of_purged_usage.sql",
              "V004__keep_parts_and_reported_costs.sql",
              "V005__index_undelivered_alerts.sql",
              "V006__keep_better_figures.sql",
              "V007__weigh_tokens.sql",
              "V008__remove_idle_counters.sql",
              "V009__keep_salts_of_seals.sql",
              "V010__keep_changes_while_limits_are_counted.sql",
              "V011__bound_names_of_rollups.sql",
              "V012__lease_limits.sql",
              "V013__own_limits.sql",
              "V014__keep_access_keys.sql",
              "V015__keep_what_sinks_deliver.sql",
              "V016__keep_owners_and_settings.sql"));

  SqliteMigrations {
    locations = List.copyOf(locations);
    scripts = List.copyOf(scripts);
    String last = "V%03d__".formatted(version);
    if (!scripts.isEmpty() && !scripts.get(scripts.size() - 1).startsWith(last)) {
      throw new IllegalArgumentException(
          "scripts must end with that of version %d, were %s".formatted(version, scripts));
    }
  }

  SqliteMigrations(int version, List<String> locations) {
    this(version, locations, List.of());
  }
}
