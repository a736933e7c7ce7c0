package io.llmaccounting.cli.reconcile;

import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The day and model that a sum is of.
 *
 * @param day the day in UTC, as providers cut them
 * @param model the model, or what else a line of an invoice names; null for all of a day
 */
record Place(LocalDate day, @Nullable String model) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::day)
          .thenComparing(Place::model, Comparator.nullsFirst(Comparator.naturalOrder()));

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
