package io.llmaccounting.testkit;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.backend.CredentialStore;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps credentials by id. */
final class InMemoryCredentialStore implements CredentialStore {
  private static final Comparator<ProviderCredential> ORDER =
      Comparator.comparing(ProviderCredential::upstream, InMemoryStorage::compareBytes)
          .thenComparing(ProviderCredential::name, InMemoryStorage::compareBytes)
          .thenComparing(credential -> credential.id().toString());

  private final InMemoryStorage storage;
  private final FaultSwitch faults;

  InMemoryCredentialStore(InMemoryStorage storage, FaultSwitch faults) {
    this.storage = storage;
    this.faults = faults;
  }

  @Override
  public long revision() {
    return faults.enter(() -> storage.credentialRevision);
  }

  @Override
  public Optional<ProviderCredential> find(UUID id) {
    return faults.enter(() -> Optional.ofNullable(storage.credentials.get(id)));
  }

  @Override
  public List<ProviderCredential> list(@Nullable String project, @Nullable String upstream) {
    return faults.enter(
        () ->
            storage.credentials.values().stream()
                .filter(one -> project == null || isFor(project, one))
                .filter(one -> upstream == null || upstream.equals(one.upstream()))
                .sorted(ORDER)
                .toList());
  }

  private static boolean isFor(String project, ProviderCredential credential) {
    String own = credential.project();
    return own == null || own.equals(project);
  }

  @Override
  public boolean add(ProviderCredential credential) {
    return change(() -> storage.credentials.putIfAbsent(credential.id(), credential) == null);
  }

  @Override
  public boolean replace(ProviderCredential expected, ProviderCredential changed) {
    return change(() -> storage.credentials.replace(expected.id(), expected, changed));
  }

  @Override
  public boolean remove(UUID id) {
    return change(() -> storage.credentials.remove(id) != null);
  }

  private boolean change(BooleanSupplier change) {
    return faults.enter(
        () -> {
          boolean changed = change.getAsBoolean();
          if (changed) {
            storage.credentialRevision++;
          }
          return changed;
        });
  }
}
