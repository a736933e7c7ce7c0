package io.llmaccounting.recording;

/** What becomes of a call that lies behind the purge horizon, or whose key's call was purged. */
public enum OldUsage {
  /** The call is refused: whether it was counted before cannot be told any more. */
  REFUSE,
  /** The call is recorded and counts; whoever says so knows that it was never counted. */
  COUNT
}
