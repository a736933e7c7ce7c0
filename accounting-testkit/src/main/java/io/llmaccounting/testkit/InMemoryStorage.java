package io.llmaccounting.testkit;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.OwnedObject;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What in-memory backends keep: the counterpart of a database. It outlives the backends opened on
 * it, and several may be open on it at once. Safe for use by many threads.
 */
public final class InMemoryStorage {
  /** Guards everything below. */
  final ReentrantLock lock = new ReentrantLock();

  final TreeMap<UUID, RecordedUsage> records = new TreeMap<>();

  /** What became known of records later, in order. */
  final Map<UUID, List<UsageAdjustment>> adjustments = new HashMap<>();

  /** The call that has each key, which may have been purged since. */
  final Map<ProjectKey, Usage> keys = new HashMap<>();

  /** Sums of purged records, each a quarter hour of what rollups tell apart. */
  final Map<RolledUp.Key, RolledUp> rolledUp = new HashMap<>();

  final InMemoryNames names = new InMemoryNames();

  Instant completeFrom = Instant.EPOCH;
  final TreeMap<CounterKey, CounterState> counters = new TreeMap<>();

  /** The last counter that was checked for being idle. */
  CounterKey swept = new CounterKey(0, "");

  final TreeMap<CounterKey, CounterState> bases = new TreeMap<>();
  final Map<UUID, HoldRecord> holds = new HashMap<>();
  final Map<DenialKey, DenialCount> denials = new HashMap<>();
  final Map<UUID, Alert> alerts = new HashMap<>();
  final Set<UUID> deliveredAlerts = new HashSet<>();

  final TreeMap<String, StoredLimit> limits = new TreeMap<>();
  long limitRevision;
  long lastLimitId;

  final Map<DirectoryEntry.Kind, TreeMap<String, DirectoryEntry>> directory = new HashMap<>();
  long directoryRevision;

  final Map<UUID, AccessKey> accessKeys = new HashMap<>();

  /** Whose each digest is, also those of former secrets. */
  final Map<String, UUID> digests = new HashMap<>();

  /** Keys as they are listed: by the bytes of their names, then by id. */
  final TreeMap<AccessKeyQuery.Position, UUID> keyOrder =
      new TreeMap<>(
          Comparator.comparing(AccessKeyQuery.Position::name, InMemoryStorage::compareBytes)
              .thenComparing(position -> position.id().toString()));

  long accessRevision;

  final Map<UUID, ProviderCredential> credentials = new HashMap<>();
  long credentialRevision;
  final Map<String, OwnedObject> ownedObjects = new HashMap<>();

  final TreeMap<String, InMemorySink> sinks = new TreeMap<>();

  final TreeMap<UUID, SealedEntry> audit = new TreeMap<>();

  private InMemoryStorage() {}

  /** Compares texts as databases do that go by bytes. */
  static int compareBytes(String one, String other) {
    return Arrays.compareUnsigned(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty storage. */
  public static InMemoryStorage create() {
    return new InMemoryStorage();
  }

  /**
   * Replaces the entries of the audit log by what {@code change} makes of them, as somebody with
   * access to a database could. This is for tests of what a verification finds.
   */
  public void rewriteAudit(UnaryOperator<List<SealedEntry>> change) {
    lock.lock();
    try {
      List<SealedEntry> changed = change.apply(new ArrayList<>(audit.values()));
      audit.clear();
      changed.forEach(one -> audit.put(one.entry().id(), one));
    } finally {
      lock.unlock();
    }
  }

  record ProjectKey(@Nullable String project, String key) {}

  record DenialKey(String limit, String subject, Instant minute) {}
}
