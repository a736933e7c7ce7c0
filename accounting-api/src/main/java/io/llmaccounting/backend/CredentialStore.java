package io.llmaccounting.backend;

import io.llmaccounting.access.ProviderCredential;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps credentials of providers, which it cannot read. Safe for use by many threads. */
public interface CredentialStore {
  /** Grows with every change, cheaply read. */
  long revision();

  /** The credential of this id. */
  Optional<ProviderCredential> find(UUID id);

  /**
   * Credentials by upstream, name and id.
   *
   * @param project whose own are wanted, and with them those that are for all projects; null for
   *     those of every project
   * @param upstream for which they are wanted; null for every one
   */
  List<ProviderCredential> list(@Nullable String project, @Nullable String upstream);

  /**
   * Adds a credential.
   *
   * @return false if its id is taken; nothing changed
   */
  boolean add(ProviderCredential credential);

  /**
   * Replaces a credential if it still equals {@code expected}.
   *
   * @param changed has the id of {@code expected}
   * @return false if it was changed meanwhile or is not there; nothing changed
   */
  boolean replace(ProviderCredential expected, ProviderCredential changed);

  /**
   * Removes a credential.
   *
   * @return false if there is none
   */
  boolean remove(UUID id);
}
