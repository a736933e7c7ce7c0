package io.llmaccounting.backend;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Keeps the keys by which callers are known. Safe for use by many threads. */
public interface AccessKeyStore {
  /** Grows with every change except of last uses, cheaply read. */
  long revision();

  /** The key whose secret has this digest, or had it before its last rotation. */
  Optional<AccessKey> find(String digest);

  /** The key of this id. */
  Optional<AccessKey> find(UUID id);

  /** A page of keys, by name and id, read by an index whatever the page. */
  List<AccessKey> list(AccessKeyQuery query);

  /**
   * Adds a key.
   *
   * @return false if its id or digest is taken; nothing changed
   */
  boolean add(AccessKey key);

  /**
   * Replaces a key if it still {@linkplain AccessKey#isSameAs is the same}. When it was last used
   * stays as it is stored.
   *
   * @param changed has the id of {@code expected}
   * @return false if it was changed meanwhile, is not there, or the digest is taken; nothing
   *     changed
   */
  boolean replace(AccessKey expected, AccessKey changed);

  /** Notes when keys were last used; never earlier than noted before, and no unknown keys. */
  void used(Map<UUID, Instant> last);
}
