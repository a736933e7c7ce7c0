package io.llmaccounting.internal.access;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.cache.KnownKeys;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.usage.Attribution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Erases a person from keys: those of the person are revoked, and wherever a key holds the name as
 * user, as its own name or as the value of a tag, the pseudonym takes its place. Confined to one
 * thread.
 */
public final class ErasedKeys {
  private static final int PAGE = 500;

  private final UsageBackend backend;
  private final NameChange change;
  private final CallSettings settings;

  /** Erases from what {@code backend} keeps, which may be no keys at all. */
  public ErasedKeys(UsageBackend backend, NameChange change, CallSettings settings) {
    this.backend = backend;
    this.change = change;
    this.settings = settings;
  }

  private @Nullable AccessKeyStore store() {
    if (backend instanceof AccessBackend access) {
      try {
        AccessKeyStore store = access.accessKeys();
        long unused = store.revision();
        return store;
      } catch (UnsupportedOperationException e) {
        // it hands on what another backend keeps, and that keeps no keys
        return null;
      }
    }
    return null;
  }

  private AccessKey of(AccessKey key) {
    AccessTerms terms = key.terms();
    Attribution who = change.attribution(terms.attribution());
    String name = terms.name().equals(change.from()) ? change.to() : terms.name();
    AccessKey renamed =
        key.withTerms(terms.withName(name).withUser(who.user()).withTags(who.tags()));
    return change.from().equals(key.user()) ? renamed.revoked(settings.now()) : renamed;
  }

  /** How many keys hold the name. */
  public long count() {
    return find(() -> true).size();
  }

  /** Erases, and says how many keys were changed. Begins no page unless {@code goesOn}. */
  public long run(BooleanSupplier goesOn) {
    return find(goesOn).stream().filter(this::erase).count();
  }

  private boolean erase(AccessKey found) {
    AccessKeyStore keys = store();
    Optional<AccessKey> stored = Optional.of(found);
    while (keys != null && stored.isPresent()) {
      AccessKey before = stored.get();
      AccessKey after = of(before);
      if (after.equals(before)) {
        return false;
      }
      if (keys.replace(before, after)) {
        KnownKeys.changed(before, after);
        return true;
      }
      stored = keys.find(before.id());
    }
    return false;
  }

  private List<AccessKey> find(BooleanSupplier goesOn) {
    List<AccessKey> found = new ArrayList<>();
    AccessKeyStore keys = store();
    if (keys == null) {
      return found;
    }
    AccessKeyQuery query = AccessKeyQuery.first(PAGE);
    for (List<AccessKey> page = keys.list(query);
        !page.isEmpty() && goesOn.getAsBoolean();
        page = keys.list(query.after(page.get(page.size() - 1).position()))) {
      page.stream().filter(key -> !of(key).equals(key)).forEach(found::add);
    }
    return found;
  }
}
