package io.llmaccounting.testkit;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.UsageStore;
import java.time.InstantSource;

/**
 * A backend for unit tests, and the reference that the others are measured by: it keeps plain
 * records and adds them up anew for every report. Nothing survives the process. Safe for use by
 * many threads, which take turns.
 *
 * <p>It can be told to fail, so that tests see what their code does then.
 */
public final class InMemoryBackend implements AccessBackend, SinkBackend {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;
  private final InMemoryLedger ledger;
  private final InMemoryUsageStore usage;
  private final InMemoryLimitStore limits;
  private final InMemoryDirectoryStore directory;
  private final InMemoryAuditLog audit;
  private final InMemoryMaintenance maintenance;
  private final InMemoryAccessKeyStore accessKeys;
  private final InMemoryCredentialStore credentials;
  private final InMemoryOutbox outbox;
  private final InMemoryOwnedObjectStore ownedObjects;

  private InMemoryBackend(InMemoryStorage storage, InstantSource clock) {
    this.storage = storage;
    this.faults = new FaultSwitch("backend", storage.lock);
    this.ledger = new InMemoryLedger(storage, faults, clock);
    this.usage = new InMemoryUsageStore(storage, faults);
    this.limits = new InMemoryLimitStore(storage, faults, clock);
    this.directory = new InMemoryDirectoryStore(storage, faults);
    this.audit = new InMemoryAuditLog(storage, faults);
    this.maintenance = new InMemoryMaintenance(storage, faults, clock);
    this.accessKeys = new InMemoryAccessKeyStore(storage, faults);
    this.credentials = new InMemoryCredentialStore(storage, faults);
    this.outbox = new InMemoryOutbox(storage, faults, clock);
    this.ownedObjects = new InMemoryOwnedObjectStore(storage, faults);
  }

  /** An empty backend whose ledger goes by the system's clock. */
  public static InMemoryBackend create() {
    return create(InstantSource.system());
  }

  /** An empty backend whose ledger goes by {@code clock}. */
  public static InMemoryBackend create(InstantSource clock) {
    return open(InMemoryStorage.create(), clock);
  }

  /**
   * A backend on what {@code storage} has kept, shared with every other backend that is open on it.
   */
  public static InMemoryBackend open(InMemoryStorage storage, InstantSource clock) {
    return new InMemoryBackend(storage, clock);
  }

  /** The storage of this backend, to open another backend on it; it is still there after close. */
  public InMemoryStorage storage() {
    return storage;
  }

  /**
   * Lets the next {@code calls} calls of any store fail with a BackendException of kind
   * UNAVAILABLE, having done nothing; 0 ends it.
   */
  public void failNext(int calls) {
    if (calls < 0) {
      throw new IllegalArgumentException("calls must not be negative, was " + calls);
    }
    faults.failNext(calls);
  }

  /** Lets the next ledger transaction commit and then fail with kind UNAVAILABLE all the same. */
  public void loseNextAnswer() {
    faults.loseNextAnswer();
  }

  /** Lets every call of any store fail with kind UNAVAILABLE until {@link #recover}. */
  public void breakDown() {
    faults.down(true);
  }

  /** Ends what {@link #breakDown} began; everything stored is still there. */
  public void recover() {
    faults.down(false);
  }

  @Override
  public Ledger ledger() {
    faults.requireOpen();
    return ledger;
  }

  @Override
  public UsageStore usage() {
    faults.requireOpen();
    return usage;
  }

  @Override
  public LimitStore limits() {
    faults.requireOpen();
    return limits;
  }

  @Override
  public DirectoryStore directory() {
    faults.requireOpen();
    return directory;
  }

  @Override
  public AuditLog audit() {
    faults.requireOpen();
    return audit;
  }

  @Override
  public Maintenance maintenance() {
    faults.requireOpen();
    return maintenance;
  }

  @Override
  public AccessKeyStore accessKeys() {
    faults.requireOpen();
    return accessKeys;
  }

  @Override
  public CredentialStore credentials() {
    faults.requireOpen();
    return credentials;
  }

  @Override
  public Outbox outbox() {
    faults.requireOpen();
    return outbox;
  }

  @Override
  public Redelivery redelivery() {
    faults.requireOpen();
    return outbox;
  }

  @Override
  public OwnedObjectStore ownedObjects() {
    faults.requireOpen();
    return ownedObjects;
  }

  @Override
  public void close() {
    faults.close();
  }
}
