package io.llmaccounting.sql.report;

import io.llmaccounting.sql.RollupDimension;
import io.llmaccounting.sql.RollupKey;
import io.llmaccounting.usage.Dimension;
import java.util.Collection;
import java.util.Optional;

/** The sets of dimensions for which rollups are kept; fewer dimensions make fewer rows to read. */
enum RollupFamily {
  /** Without user and caller: what a month's report needs. */
  COARSE(RollupKey.COARSE),
  FINE(RollupKey.FINE);

  private final long stored;

  RollupFamily(long stored) {
    this.stored = stored;
  }

  /** The smallest family that tells all of these apart, if any does. */
  static Optional<RollupFamily> telling(Collection<Dimension> dimensions) {
    for (RollupFamily family : values()) {
      if (dimensions.stream().allMatch(family::tells)) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  /** The number that stands for it in the table. */
  long stored() {
    return stored;
  }

  boolean tells(Dimension dimension) {
    boolean isOfPeople = dimension.equals(Dimension.USER) || dimension.equals(Dimension.CALLER);
    return RollupDimension.of(dimension).isPresent() && (this == FINE || !isOfPeople);
  }
}
