package io.llmaccounting.backend;

/** A spool has no room for more calls; it has room again once the database is back. */
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

  /** How many bytes are taken. */
  public long bytes() {
    return bytes;
  }

  /** How many bytes the spool may take. */
  public long maxBytes() {
    return maxBytes;
  }
}
