package io.llmaccounting.backend;

import io.llmaccounting.usage.ReportRow;

/**
 * How many names of one dimension (project, model, user, caller, provider) rollups tell apart on
 * one day (UTC). Names come from outside; without a bound whoever makes them up makes a store grow.
 * Once a day has that many of a dimension it is <em>full</em>: names that had usage on it by then
 * keep rollups of their own, usage of all others is added up under {@link ReportRow#OTHERS}, and
 * records keep their names. Sums stay exact. Several processes may exceed the bound a little. Safe
 * for use by many threads.
 */
public interface NameBound {
  /**
   * The most names of one dimension that rollups tell apart on one day; 100,000 unless it was
   * changed.
   */
  long most();

  /**
   * Changes the bound for all who share the store. Days that are full stay so until rollups are
   * made anew.
   *
   * @param most at least 1
   */
  void change(long most);
}
