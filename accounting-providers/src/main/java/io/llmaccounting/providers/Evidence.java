package io.llmaccounting.providers;

/** How surely an event tells the shape of its answer, from not at all to beyond doubt. */
enum Evidence {
  NONE,
  /** Names of counts inside usage, which gateways and SDKs mix. */
  NAMES,
  /** Keys and types of the answer itself. */
  STRUCTURE,
  /** The answer names its kind. */
  KIND;

  static Evidence of(boolean kind, boolean structure, boolean names) {
    return kind ? KIND : structure ? STRUCTURE : names ? NAMES : NONE;
  }
}
