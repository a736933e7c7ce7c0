package io.llmaccounting.admin;

/** What became of something that another store knows. */
public enum Restored {
  /** The record is new here. */
  ADDED,
  /** An equal record was here already. */
  UNCHANGED,
  /** Something else has its name here; nothing was changed. */
  REFUSED
}
