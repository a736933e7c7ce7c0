package io.llmaccounting.testkit;

import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What in-memory backends keep: the counterpart of a database. It outlives the backends opened on
 * it, and several may be open on it at once. Safe for use by many threads.
 */
public final class InMemoryStorage {
  /** Guards everything below. */
  final ReentrantLock lock = new ReentrantLock();

  final TreeMap<UUID, RecordedUsage> records = new TreeMap<>();
  final Map<ProjectKey, UUID> keys = new HashMap<>();
  final TreeMap<CounterKey, CounterState> counters = new TreeMap<>();
  final Map<UUID, HoldRecord> holds = new HashMap<>();
  final Map<DenialKey, DenialCount> denials = new HashMap<>();
  final Map<UUID, Alert> alerts = new HashMap<>();
  final Set<UUID> deliveredAlerts = new HashSet<>();

  final TreeMap<String, StoredLimit> limits = new TreeMap<>();
  long limitRevision;
  long lastLimitId;

  final Map<DirectoryEntry.Kind, TreeMap<String, DirectoryEntry>> directory = new HashMap<>();
  long directoryRevision;

  final TreeMap<UUID, SealedEntry> audit = new TreeMap<>();

  private InMemoryStorage() {}

  /** An empty storage. */
  public static InMemoryStorage create() {
    return new InMemoryStorage();
  }

  record ProjectKey(@Nullable String project, String key) {}

  record DenialKey(String limit, String subject, Instant minute) {}
}
