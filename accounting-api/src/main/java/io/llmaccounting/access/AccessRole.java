package io.llmaccounting.access;

/** What the holder of a key may do. */
public enum AccessRole {
  /** Call models, where calls pass through a gateway. */
  CALL,
  /** Record calls that were made elsewhere, and hold room for them. */
  INGEST,
  /** Read usage and reports. */
  READ,
  /** Change limits, keys and whatever else is administered. */
  MANAGE
}
