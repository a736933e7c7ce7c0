package io.llmaccounting.server.config;

/** How an upstream is told who calls. */
public enum AuthScheme {
  /** {@code Authorization: Bearer ...}. */
  BEARER,
  /** {@code x-api-key: ...}. */
  X_API_KEY,
  /** {@code api-key: ...}. */
  API_KEY,
  /** {@code x-goog-api-key: ...}. */
  X_GOOG_API_KEY,
  /** Signed as Amazon's services want it: the credential is {@code ID:SECRET[:TOKEN]}. */
  AWS_SIGV4,
  /** Not at all. */
  NONE
}
