package io.llmaccounting.backend;

/** A backend that keeps keys of callers and credentials of providers, too. */
public interface AccessBackend extends UsageBackend {
  /** Keeps keys of callers. */
  AccessKeyStore accessKeys();

  /** Keeps credentials of providers. */
  CredentialStore credentials();
}
