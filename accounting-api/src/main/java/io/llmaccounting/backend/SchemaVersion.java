package io.llmaccounting.backend;

/**
 * How a database's schema stands to the one that this library works with.
 *
 * @param found the version found, 0 where there are no tables of ours
 * @param wanted the version that this library works with
 */
public record SchemaVersion(int found, int wanted) {
  /** True if nothing is to be done. */
  public boolean isCurrent() {
    return found == wanted;
  }
}
