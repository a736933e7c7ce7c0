package io.llmaccounting.admin;

/** What became of something that another store knows. */
public enum Restored {
  /** It is new here. */
  ADDED,
  /** It was here already, the same. */
  UNCHANGED,
  /** Something else has its name here; nothing was changed. */
  REFUSED
}
