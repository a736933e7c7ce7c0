package io.llmaccounting.sql;

import io.llmaccounting.usage.Dimension;
import java.util.List;
import java.util.Optional;

/**
 * The dimensions by which rollups tell usage apart. The names of each are bounded by day, because
 * they come from outside.
 */
public enum RollupDimension {
  PROJECT(1, "project"),
  MODEL(2, "model"),
  USER(3, "user_name"),
  CALLER(4, "caller"),
  PROVIDER(5, "provider");

  static final List<RollupDimension> ALL = List.of(values());

  private final long stored;
  private final String column;

  RollupDimension(long stored, String column) {
    this.stored = stored;
    this.column = column;
  }

  /** The rollup dimension for {@code dimension}, if rollups tell usage apart by it. */
  public static Optional<RollupDimension> of(Dimension dimension) {
    return ALL.stream().filter(one -> one.dimension().equals(dimension)).findFirst();
  }

  /** The dimension that a number in a table stands for. */
  static RollupDimension ofStored(long stored) {
    for (RollupDimension one : ALL) {
      if (one.stored == stored) {
        return one;
      }
    }
    throw Damage.of("a dimension of names must be 1 to 5, was " + stored);
  }

  /** The number that stands for it in a table. */
  public long stored() {
    return stored;
  }

  /** The dimension as users name it. */
  public Dimension dimension() {
    return switch (this) {
      case PROJECT -> Dimension.PROJECT;
      case MODEL -> Dimension.MODEL;
      case USER -> Dimension.USER;
      case CALLER -> Dimension.CALLER;
      case PROVIDER -> Dimension.PROVIDER;
    };
  }

  /** Returns the name of the column in usage_rollup, and in usage_event. */
  public String column() {
    return column;
  }

  /** The name in a key; empty where there is none. */
  public String name(RollupKey key) {
    return switch (this) {
      case PROJECT -> key.project();
      case MODEL -> key.model();
      case USER -> key.user();
      case CALLER -> key.caller();
      case PROVIDER -> key.provider();
    };
  }

  /** Returns the key with another name of this dimension. */
  RollupKey with(RollupKey key, String name) {
    return new RollupKey(
        key.family(),
        key.grain(),
        key.bucket(),
        this == PROJECT ? name : key.project(),
        this == MODEL ? name : key.model(),
        this == USER ? name : key.user(),
        this == CALLER ? name : key.caller(),
        this == PROVIDER ? name : key.provider());
  }
}
