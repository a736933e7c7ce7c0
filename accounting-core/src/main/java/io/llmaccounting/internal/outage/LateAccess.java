package io.llmaccounting.internal.outage;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.OwnedObject;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.UsageBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keys and credentials of a backend that is asked for anew each time, as {@link LateStores}. */
final class LateAccess {
  private LateAccess() {}

  private static AccessBackend access(Supplier<UsageBackend> real) {
    UsageBackend backend = real.get();
    if (backend instanceof AccessBackend access) {
      return access;
    }
    throw new UnsupportedOperationException(
        "the backend must be an AccessBackend to keep keys and credentials, was "
            + backend.getClass().getName());
  }

  record OfKeys(Supplier<UsageBackend> real) implements AccessKeyStore {
    private AccessKeyStore store() {
      return access(real).accessKeys();
    }

    @Override
    public long revision() {
      return store().revision();
    }

    @Override
    public Optional<AccessKey> find(String digest) {
      return store().find(digest);
    }

    @Override
    public Optional<AccessKey> find(UUID id) {
      return store().find(id);
    }

    @Override
    public List<AccessKey> list(AccessKeyQuery query) {
      return store().list(query);
    }

    @Override
    public boolean add(AccessKey key) {
      return store().add(key);
    }

    @Override
    public boolean replace(AccessKey expected, AccessKey changed) {
      return store().replace(expected, changed);
    }

    @Override
    public void used(Map<UUID, Instant> last) {
      store().used(last);
    }
  }

  record OfOwnedObjects(Supplier<UsageBackend> real) implements OwnedObjectStore {
    private OwnedObjectStore store() {
      return access(real).ownedObjects();
    }

    @Override
    public void keep(Collection<OwnedObject> objects, Instant now) {
      store().keep(objects, now);
    }

    @Override
    public List<OwnedObject> find(Collection<String> handles) {
      return store().find(handles);
    }

    @Override
    public void remove(Collection<String> handles) {
      store().remove(handles);
    }

    @Override
    public int removeExpired(Instant now, int most) {
      return store().removeExpired(now, most);
    }
  }

  record OfCredentials(Supplier<UsageBackend> real) implements CredentialStore {
    private CredentialStore store() {
      return access(real).credentials();
    }

    @Override
    public long revision() {
      return store().revision();
    }

    @Override
    public Optional<ProviderCredential> find(UUID id) {
      return store().find(id);
    }

    @Override
    public List<ProviderCredential> list(@Nullable String project, @Nullable String upstream) {
      return store().list(project, upstream);
    }

    @Override
    public boolean add(ProviderCredential credential) {
      return store().add(credential);
    }

    @Override
    public boolean replace(ProviderCredential expected, ProviderCredential changed) {
      return store().replace(expected, changed);
    }

    @Override
    public boolean remove(UUID id) {
      return store().remove(id);
    }
  }
}
