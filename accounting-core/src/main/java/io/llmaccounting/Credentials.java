package io.llmaccounting;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.internal.access.AccessDesk;
import io.llmaccounting.internal.audit.AdminTrail;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of providers, encrypted by whoever uses them: nothing here can read them. Each change
 * leaves an audit entry. Safe for use by many threads.
 */
public final class Credentials {
  private final AccessDesk desk;
  private final CredentialStore store;
  private final AdminTrail trail;

  Credentials(AccessDesk desk) {
    this(desk, desk.trail());
  }

  private Credentials(AccessDesk desk, AdminTrail trail) {
    this.desk = desk;
    this.store = desk.credentials();
    this.trail = trail;
  }

  /**
   * Returns these credentials, changed by {@code actor}, whom audit entries name.
   *
   * @param actor 1 to 256 characters, like any other name
   */
  public Credentials by(String actor) {
    return new Credentials(desk, trail.by(actor));
  }

  /** A new id, for whoever binds what is sealed to the credential that it belongs to. */
  public UUID newId() {
    return desk.settings().newId();
  }

  /**
   * Adds a credential.
   *
   * @return false if its id is taken; nothing changed
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public boolean add(ProviderCredential credential) {
    boolean added = store.add(credential);
    if (added) {
      trail.append("credential added", about(credential));
    }
    return added;
  }

  /** Grows with every change, cheaply read from the store. */
  public long revision() {
    return store.revision();
  }

  /** All credentials, by upstream, name and id. */
  public List<ProviderCredential> list() {
    return store.list(null, null);
  }

  /**
   * What a project may send to an upstream: its own credentials and those of all projects, by name
   * and id.
   *
   * @param project or null for a caller of no project, who may use those of all projects only
   */
  public List<ProviderCredential> usable(@Nullable String project, String upstream) {
    return store.list(project, upstream).stream()
        .filter(one -> project != null || one.project() == null)
        .toList();
  }

  /** The credential of this id. */
  public Optional<ProviderCredential> find(UUID id) {
    return store.find(id);
  }

  /**
   * Replaces a credential, if nobody else has changed it meanwhile.
   *
   * @param expected as it was read
   * @param changed with the same id
   * @return false if it is another one by now, or was removed; nothing changed
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public boolean replace(ProviderCredential expected, ProviderCredential changed) {
    if (!expected.id().equals(changed.id())) {
      throw new IllegalArgumentException(
          "changed must have the id of expected, %s, had %s"
              .formatted(expected.id(), changed.id()));
    }
    boolean replaced = store.replace(expected, changed);
    if (replaced) {
      trail.append("credential changed", about(changed));
    }
    return replaced;
  }

  /**
   * Replaces what is sealed in a credential, for instance when the sealing key is rotated.
   *
   * @return false if it is another one than {@code expected} by now, or was removed
   */
  public boolean reseal(ProviderCredential expected, SealedBytes sealed, String sealedBy) {
    return replace(expected, expected.resealed(sealed, sealedBy));
  }

  /**
   * Removes a credential.
   *
   * @return false if there is none
   */
  public boolean remove(UUID id) {
    Optional<ProviderCredential> known = store.find(id);
    boolean removed = store.remove(id);
    if (removed) {
      trail.append(
          "credential removed",
          known.map(Credentials::about).orElseGet(() -> Map.of("credential", id.toString())));
    }
    return removed;
  }

  private static Map<String, String> about(ProviderCredential credential) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("credential", credential.id().toString());
    about.put("name", credential.name());
    about.put("upstream", credential.upstream());
    if (credential.project() != null) {
      about.put("project", credential.project());
    }
    about.put("sealed by", credential.sealedBy());
    return about;
  }
}
