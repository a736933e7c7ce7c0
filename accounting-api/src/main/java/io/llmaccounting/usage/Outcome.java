package io.llmaccounting.usage;

/** How a call ended. Every outcome counts as a request, and for the tokens that it reports. */
public enum Outcome {
  /** The model answered. */
  SUCCEEDED,
  /** The call ended in an error. */
  FAILED,
  /** The caller gave up before the end. */
  CANCELLED,
  /** The caller never said how it ended. */
  UNFINISHED
}
