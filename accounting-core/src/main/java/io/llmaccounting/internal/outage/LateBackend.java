package io.llmaccounting.internal.outage;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.internal.health.Breaker;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend that was away when the application started. Every use tries to open it, until it is
 * open for good. One thread tries at a time, and the others wait a moment for it. Safe for use by
 * many threads.
 */
public final class LateBackend implements AccessBackend, SinkBackend {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Supplier<? extends UsageBackend> opener;
  private final BackendException failure;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable UsageBackend opened;
  private volatile boolean closed;

  private LateBackend(Supplier<? extends UsageBackend> opener, BackendException failure) {
    this.opener = opener;
    this.failure = failure;
  }

  /**
   * Returns what {@code opener} opens, or where that says that the store is away, a backend that
   * asks it again.
   *
   * @throws BackendException if opening fails for a reason that does not pass by itself
   */
  public static UsageBackend open(Supplier<? extends UsageBackend> opener) {
    try {
      return ask(opener);
    } catch (BackendException e) {
      if (!e.isPassing()) {
        throw e;
      }
      return new LateBackend(opener, e);
    }
  }

  private static UsageBackend ask(Supplier<? extends UsageBackend> opener) {
    return Objects.requireNonNull(opener.get(), "what opens the backend returned null");
  }

  /** The failure because of which it was not opened at the start. */
  public BackendException failure() {
    return failure;
  }

  private UsageBackend real() {
    UsageBackend known = opened;
    if (known != null) {
      return known;
    }
    boolean isMyTurn = false;
    try {
      isMyTurn = opening.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (!isMyTurn) {
        throw new BackendException(Kind.UNAVAILABLE, "the store is just being opened; try again");
      }
      known = opened;
      return known != null ? known : opened();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException(Kind.UNAVAILABLE, "opening the store was interrupted", e);
    } finally {
      if (isMyTurn) {
        opening.unlock();
      }
    }
  }

  private UsageBackend opened() {
    requireOpen();
    UsageBackend fresh = tried();
    opened = fresh;
    // close() sets its flag and then looks for the backend, this does it the other way round: at
    // least one of them sees both
    if (closed) {
      fresh.close();
    }
    requireOpen();
    return fresh;
  }

  private void requireOpen() {
    if (closed) {
      throw new BackendException(Kind.CLOSED, "the store is closed; open it again to use it");
    }
  }

  // the failure is never REJECTED: no record is at fault where there is no store
  private UsageBackend tried() {
    try {
      return ask(opener);
    } catch (RuntimeException e) {
      if (Breaker.isOutage(e)) {
        throw e;
      }
      throw new BackendException(Kind.UNUSABLE, "the store cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public Ledger ledger() {
    requireOpen();
    return new LateStores.OfLedger(() -> real().ledger(), this::knownLedger);
  }

  private @Nullable Ledger knownLedger() {
    UsageBackend known = opened;
    return known == null ? null : known.ledger();
  }

  @Override
  public UsageStore usage() {
    requireOpen();
    return new LateStores.OfUsage(() -> real().usage());
  }

  @Override
  public LimitStore limits() {
    requireOpen();
    return new LateStores.OfLimits(() -> real().limits());
  }

  @Override
  public DirectoryStore directory() {
    requireOpen();
    return new LateStores.OfDirectory(() -> real().directory());
  }

  @Override
  public AuditLog audit() {
    requireOpen();
    return new LateStores.OfAudit(() -> real().audit());
  }

  @Override
  public Maintenance maintenance() {
    requireOpen();
    return new LateStores.OfMaintenance(() -> real().maintenance());
  }

  @Override
  public AccessKeyStore accessKeys() {
    requireOpen();
    return new LateAccess.OfKeys(this::real);
  }

  @Override
  public CredentialStore credentials() {
    requireOpen();
    return new LateAccess.OfCredentials(this::real);
  }

  @Override
  public Outbox outbox() {
    requireOpen();
    return new LateSinks.OfOutbox(this::real);
  }

  @Override
  public Redelivery redelivery() {
    requireOpen();
    return new LateSinks.OfRedelivery(this::real);
  }

  @Override
  public OwnedObjectStore ownedObjects() {
    requireOpen();
    return new LateAccess.OfOwnedObjects(this::real);
  }

  @Override
  public void close() {
    closed = true;
    UsageBackend known = opened;
    if (known != null) {
      known.close();
    }
  }
}
