package io.llmaccounting.limit;

/** What happens to a call that a limit has no room for. */
public enum LimitAction {
  /** It is refused. */
  DENY,
  /** It is admitted and reported. */
  WARN
}
