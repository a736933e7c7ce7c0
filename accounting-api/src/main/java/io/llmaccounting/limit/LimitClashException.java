package io.llmaccounting.limit;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A set has limits whose names belong to somebody else: to another set, or to limits that were made
 * by hand. Nothing was changed.
 */
public final class LimitClashException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String set;
  private final transient SortedMap<String, String> owners;

  /**
   * Names every clash.
   *
   * @param set the set that was to be applied
   * @param owners by name of the limit the set that owns it, or an empty text where it was made by
   *     hand
   */
  public LimitClashException(String set, Map<String, String> owners) {
    super(
        "set \"%s\" does not own limits of these names: %s; rename them, delete those that are there, or let the set take them over"
            .formatted(
                set,
                new TreeMap<>(owners)
                    .entrySet().stream()
                        .map(one -> '"' + one.getKey() + "\" (" + owner(one.getValue()) + ")")
                        .collect(Collectors.joining(", "))));
    this.set = set;
    this.owners = Collections.unmodifiableSortedMap(new TreeMap<>(owners));
  }

  private static String owner(String set) {
    return set.isEmpty() ? "made by hand" : "of set \"" + set + '"';
  }

  /** The set that was to be applied. */
  public String set() {
    return set;
  }

  /**
   * By name of the limit the set that owns it, or an empty text where it was made by hand; null
   * after this exception was serialized.
   */
  public SortedMap<String, String> owners() {
    return owners;
  }
}
