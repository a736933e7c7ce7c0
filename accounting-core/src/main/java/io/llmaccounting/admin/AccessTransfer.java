package io.llmaccounting.admin;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.internal.access.AuditedKey;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.internal.audit.AdminTrail;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves keys of callers and sealed credentials of providers from one store into another, exactly:
 * callers go on with the secrets that they have, and credentials are opened by whoever has the key
 * that sealed them. Taking the same in again changes nothing. Safe for use by many threads.
 */
public final class AccessTransfer {
  private static final int KEYS_AT_ONCE = 500;

  private final @Nullable AccessBackend backend;
  private final AdminTrail trail;
  private final boolean dry;

  AccessTransfer(AdminParts parts, boolean dry) {
    this.backend = parts.backend() instanceof AccessBackend access ? access : null;
    this.trail = parts.trail();
    this.dry = dry;
  }

  /**
   * Hands over every key, by name and id, in bounded memory; none where the backend keeps none.
   * What is issued or changed meanwhile may come as it was or as it is.
   */
  public void keys(Consumer<AccessKey> reader) {
    if (backend == null) {
      return;
    }
    AccessKeyQuery query = AccessKeyQuery.first(KEYS_AT_ONCE);
    List<AccessKey> page = backend.accessKeys().list(query);
    while (!page.isEmpty()) {
      page.forEach(reader);
      query = query.after(page.get(page.size() - 1).position());
      page = backend.accessKeys().list(query);
    }
  }

  /** Hands over every credential, as it is sealed; none where the backend keeps none. */
  public void credentials(Consumer<ProviderCredential> reader) {
    if (backend != null) {
      backend.credentials().list(null, null).forEach(reader);
    }
  }

  /**
   * Takes in a key with the digests of its secrets; where another has its id or one of its digests
   * here already, that one stays. Leaves an audit entry if it is new.
   *
   * @throws UnsupportedOperationException if the backend keeps no keys
   */
  public Restored restore(AccessKey key) {
    AccessKeyStore store = required().accessKeys();
    Optional<AccessKey> here = store.find(key.id());
    if (here.isPresent()) {
      return here.get().isSameAs(key) ? Restored.UNCHANGED : Restored.REFUSED;
    }
    if (dry) {
      return store.find(key.digest()).isPresent() ? Restored.REFUSED : Restored.ADDED;
    }
    if (!store.add(key)) {
      return Restored.REFUSED;
    }
    trail.append("key restored", AuditedKey.issued(key));
    return Restored.ADDED;
  }

  /**
   * Takes in a credential as it is sealed; where another has its id here already, that one stays.
   * Leaves an audit entry if it is new.
   *
   * @throws UnsupportedOperationException if the backend keeps no credentials
   */
  public Restored restore(ProviderCredential credential) {
    CredentialStore store = required().credentials();
    Optional<ProviderCredential> here = store.find(credential.id());
    if (here.isPresent()) {
      return here.get().equals(credential) ? Restored.UNCHANGED : Restored.REFUSED;
    }
    if (!dry && !store.add(credential)) {
      return Restored.REFUSED;
    }
    if (!dry) {
      trail.append(
          "credential restored",
          Map.of(
              "credential", credential.id().toString(),
              "name", credential.name(),
              "upstream", credential.upstream()));
    }
    return Restored.ADDED;
  }

  private AccessBackend required() {
    if (backend == null) {
      throw new UnsupportedOperationException(
          "the backend must be an AccessBackend to take in keys and credentials, is none");
    }
    return backend;
  }
}
