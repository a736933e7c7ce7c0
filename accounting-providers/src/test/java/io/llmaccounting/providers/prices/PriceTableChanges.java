package io.llmaccounting.providers.prices;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares a new table with the one it replaces, and refuses what is rarely meant. */
final class PriceTableChanges {
  private static final BigDecimal MOST_FACTOR = new BigDecimal("3");

  private PriceTableChanges() {}

  /**
   * Refuses rows that changed under their id, rows that disappeared, and jumps by more than three
   * times against the row before.
   *
   * @param allowed ids of rows for which that is meant
   */
  static void check(List<PriceRow> before, List<PriceRow> after, Set<String> allowed) {
    List<String> problems = new ArrayList<>();
    Map<String, PriceRow> now = new HashMap<>();
    after.forEach(row -> now.put(row.id(), row));
    for (PriceRow old : before) {
      PriceRow row = now.get(old.id());
      if (row == null) {
        problems.add(old.id() + ": row disappeared");
      } else if (!chargesLike(old, row)) {
        problems.add(
            old.id() + ": row changed; give the new price a date, and so an id, of its own");
      }
    }
    for (PriceRow row : after) {
      if (before.stream().noneMatch(old -> old.id().equals(row.id()))) {
        jump(row, before, problems);
      }
    }
    problems.removeIf(problem -> allowed.contains(problem.substring(0, problem.indexOf(": "))));
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          "prices were not replaced; allow what is meant by naming its id:\n"
              + String.join("\n", problems));
    }
  }

  private static boolean chargesLike(PriceRow one, PriceRow other) {
    return one.prices().equals(other.prices())
        && one.tiers().equals(other.tiers())
        && one.daily().equals(other.daily())
        && one.extras().equals(other.extras())
        && sameNumber(one.batch(), other.batch())
        && one.serviceTiers().equals(other.serviceTiers())
        && one.regions().equals(other.regions());
  }

  private static boolean sameNumber(BigDecimal one, BigDecimal other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.compareTo(other) == 0;
  }

  private static void jump(PriceRow row, List<PriceRow> before, List<String> problems) {
    String model = row.id().replaceFirst("@.*", "");
    before.stream()
        .filter(old -> old.id().replaceFirst("@.*", "").equals(model))
        .max(Comparator.comparing(PriceRow::id))
        .ifPresent(
            old -> {
              jump(row.id() + ": input", old.prices().input(), row.prices().input(), problems);
              jump(row.id() + ": output", old.prices().output(), row.prices().output(), problems);
            });
  }

  private static void jump(String what, BigDecimal from, BigDecimal to, List<String> problems) {
    if (from == null || to == null) {
      return;
    }
    if (to.compareTo(from.multiply(MOST_FACTOR)) > 0
        || from.compareTo(to.multiply(MOST_FACTOR)) > 0) {
      problems.add("%s jumps from %s to %s".formatted(what, from, to));
    }
  }
}
