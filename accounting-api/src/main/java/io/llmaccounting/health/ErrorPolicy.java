package io.llmaccounting.health;

/** What happens to an application's call when recording it fails. Denials are never errors. */
public enum ErrorPolicy {
  /** The failure is thrown to the caller. */
  FAIL,
  /**
   * The call goes on: the failure is counted, logged with its consequence, and handed to the error
   * handler; the receipt says NOT_RECORDED.
   */
  CONTINUE
}
