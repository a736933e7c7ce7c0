package io.llmaccounting.sql;

import io.llmaccounting.usage.Usage;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The key of a row of usage_rollup; the natural order is that of the key's columns. Values that are
 * absent, or left out by the family, are the empty text.
 *
 * @param family {@link #FINE} or {@link #COARSE}
 * @param grain {@link #QUARTER_HOUR} or {@link #DAY}, the length of the bucket in microseconds
 * @param bucket start of the bucket, microseconds since 1970
 * @param project the project
 * @param model the model
 * @param user the user; empty in the coarse family
 * @param caller the caller; empty in the coarse family
 * @param provider the provider
 */
public record RollupKey(
    long family,
    long grain,
    long bucket,
    String project,
    String model,
    String user,
    String caller,
    String provider)
    implements Comparable<RollupKey> {

  /** The family of rows with all five dimensions. */
  public static final long FINE = 1;

  /** The family of rows without user and caller. */
  public static final long COARSE = 2;

  /** Buckets of a quarter hour, UTC. */
  public static final long QUARTER_HOUR = 900_000_000L;

  /** Buckets of a day, UTC. */
  public static final long DAY = 86_400_000_000L;

  /** The columns of a key, in its order. */
  public static final List<String> COLUMNS =
      List.of("family", "grain", "bucket", "project", "model", "user_name", "caller", "provider");

  /** The condition of one row of usage_rollup, {@code r}; {@link #bind} binds it. */
  static final String IS_THIS =
      COLUMNS.stream().map(column -> "r." + column + " = ?").collect(Collectors.joining(" AND "));

  private static final Comparator<RollupKey> ORDER =
      Comparator.comparingLong(RollupKey::family)
          .thenComparingLong(RollupKey::grain)
          .thenComparingLong(RollupKey::bucket)
          .thenComparing(RollupKey::project)
          .thenComparing(RollupKey::model)
          .thenComparing(RollupKey::user)
          .thenComparing(RollupKey::caller)
          .thenComparing(RollupKey::provider);

  /** The finest row that {@code usage} is part of. */
  static RollupKey finest(Usage usage) {
    long at = Micros.of(usage.occurredAt());
    return new RollupKey(
        FINE,
        QUARTER_HOUR,
        at - at % QUARTER_HOUR,
        orEmpty(usage.attribution().project()),
        usage.model(),
        orEmpty(usage.attribution().user()),
        orEmpty(usage.attribution().caller()),
        orEmpty(usage.provider()));
  }

  /** The next eight columns of a row. */
  public static RollupKey read(Columns from) throws SQLException {
    return new RollupKey(
        from.number(),
        from.number(),
        from.number(),
        from.text(),
        from.text(),
        from.text(),
        from.text(),
        from.text());
  }

  /** Binds the columns. */
  void bind(Parameters to) throws SQLException {
    to.number(family)
        .number(grain)
        .number(bucket)
        .text(project)
        .text(model)
        .text(user)
        .text(caller)
        .text(provider);
  }

  /** The row of the day around this one. */
  RollupKey ofDay() {
    return new RollupKey(family, DAY, day(), project, model, user, caller, provider);
  }

  /** The start of the day around it, microseconds since 1970. */
  long day() {
    return bucket - bucket % DAY;
  }

  /** The row of the coarse family that this one is part of. */
  RollupKey coarse() {
    return new RollupKey(COARSE, grain, bucket, project, model, "", "", provider);
  }

  /** Returns the key of the same row for another user. */
  RollupKey ofUser(String other) {
    return new RollupKey(family, grain, bucket, project, model, other, caller, provider);
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  @Override
  public int compareTo(RollupKey other) {
    return ORDER.compare(this, other);
  }
}
