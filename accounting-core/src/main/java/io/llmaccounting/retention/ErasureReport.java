package io.llmaccounting.retention;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an erasure changed, or would change.
 *
 * @param pseudonym what stands in place of the name
 * @param changed how many of each kind
 * @param left sentences about what holds the name and is not touched; for people
 * @param finished false if it was stopped by an interrupt; running it again does the rest
 * @param obstacles after a preview, sentences for people about why a run would refuse now and what
 *     to do; empty if it would not refuse, and after a run
 */
public record ErasureReport(
    String pseudonym,
    Map<ErasureKind, Long> changed,
    List<String> left,
    boolean finished,
    List<String> obstacles) {
  /** Copies the counts. */
  public ErasureReport {
    Map<ErasureKind, Long> copy = new EnumMap<>(ErasureKind.class);
    copy.putAll(changed);
    changed = Collections.unmodifiableMap(copy);
    left = List.copyOf(left);
    obstacles = List.copyOf(obstacles);
  }

  /**
   * True if nothing was stored under the name and nothing stands in the way: likely it is mistyped,
   * or its data is erased already. A run that finds nothing leaves no audit entry.
   */
  public boolean foundNothing() {
    return obstacles.isEmpty() && changed.values().stream().allMatch(count -> count == 0);
  }

  /** How many things of this kind were changed. */
  public long changed(ErasureKind kind) {
    return changed.getOrDefault(kind, 0L);
  }
}
