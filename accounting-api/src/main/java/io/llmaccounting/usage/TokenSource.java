package io.llmaccounting.usage;

/** Where the token figures of a call come from. */
public enum TokenSource {
  /** The provider reported them. */
  REPORTED,
  /** They are our or the caller's estimate. */
  ESTIMATED,
  /** They stem from a stream that broke off. */
  PARTIAL,
  /** Nobody knows the tokens: the record has no figure, which is not the same as 0. */
  MISSING
}
