package io.llmaccounting.backend;

/** A spool has no room for more; it has again once the database is back. */
public final class SpoolFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long bytes;
  private final long maxBytes;

  /** Says how full it is. */
  public SpoolFullException(String spool, long bytes, long maxBytes) {
    super(
        "%s is full: %d of %d bytes are taken; bring the database back, or give the spool more room"
            .formatted(spool, bytes, maxBytes));
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }

  /** How much is taken. */
  public long bytes() {
    return bytes;
  }

  /** How much room there is. */
  public long maxBytes() {
    return maxBytes;
  }
}
