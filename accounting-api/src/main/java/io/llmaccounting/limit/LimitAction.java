package io.llmaccounting.limit;

/** What happens to a call that a limit has no room for. */
public enum LimitAction {
  /** The call is refused. */
  DENY,
  /** The call is admitted and reported. */
  WARN
}
