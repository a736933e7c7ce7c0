package io.llmaccounting.backend;

/** A backend that keeps keys of callers, credentials of providers, and what belongs to whom. */
public interface AccessBackend extends UsageBackend {
  /** Keeps keys of callers. */
  AccessKeyStore accessKeys();

  /** Keeps credentials of providers. */
  CredentialStore credentials();

  /** Keeps whose the objects are that providers keep for callers. */
  OwnedObjectStore ownedObjects();
}
