package io.llmaccounting.server.sealing;

/**
 * A credential cannot be sealed or opened; the message says why and never what is in it. It has no
 * stack trace: the way out is with keys and credentials, and logs tell of it again and again.
 */
public final class SealingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public SealingException(String message) {
    super(message, null, false, false);
  }
}
