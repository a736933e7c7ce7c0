package io.llmaccounting.admin;

/** What became of a limit, project or user that another store knows. */
public enum Restored {
  /** It is new here. */
  ADDED,
  /** An equal one was here already. */
  UNCHANGED,
  /** Another one has its name here; nothing was changed. */
  REFUSED
}
