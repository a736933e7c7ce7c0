package io.llmaccounting.server.sealing;

/** A credential cannot be sealed or opened; the message says why and never what is in it. */
public final class SealingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public SealingException(String message) {
    super(message);
  }
}
