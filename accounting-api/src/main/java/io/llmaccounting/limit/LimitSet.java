package io.llmaccounting.limit;

import io.llmaccounting.validation.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Limits that are kept as code: together they are all that is wanted of those that the set owns.
 * Applying it makes what is missing, changes what differs, and removes what the set made before and
 * does not have any more. Limits that somebody made by hand, and those of other sets, stay as they
 * are. Immutable.
 *
 * @param name whose limits they are, like any other name at most 255 bytes of UTF-8
 * @param limits by name, no two of one name; none where all that the set made are to go
 */
public record LimitSet(String name, List<Limit> limits) {
  /** Checks the name, and that no limit comes twice. */
  public LimitSet {
    Check.name("name of a set of limits", name);
    List<Limit> sorted = new ArrayList<>(limits);
    sorted.sort(Comparator.comparing(Limit::name));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
        throw new IllegalArgumentException(
            "names of limits must be given once in set \"%s\", \"%s\" was given twice"
                .formatted(name, sorted.get(i).name()));
      }
    }
    limits = List.copyOf(sorted);
  }

  /** The set of this name with these limits. */
  public static LimitSet of(String name, Limit... limits) {
    return new LimitSet(name, List.of(limits));
  }
}
