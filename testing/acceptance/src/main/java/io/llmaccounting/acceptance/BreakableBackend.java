package io.llmaccounting.acceptance;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Any backend, made to fail as a test says. Closing it leaves the real one open. */
final class BreakableBackend implements AccessBackend, SinkBackend {
  private final UsageBackend real;
  private volatile boolean down;
  private volatile Predicate<Usage> losing;
  private volatile boolean endsWithLoss;
  private final AtomicInteger alertsRead = new AtomicInteger();
  private volatile CountDownLatch hanging;
  private volatile Predicate<Usage> refused = usage -> false;
  private volatile Set<UUID> refusedHolds = Set.of();
  private final AtomicInteger transactions = new AtomicInteger();
  private volatile CountDownLatch failAfter;
  private volatile CountDownLatch paused;
  private volatile RuntimeException failure;
  private volatile Error error;
  private volatile boolean closed;

  BreakableBackend(UsageBackend real) {
    this.real = real;
  }

  void breakDown() {
    down = true;
  }

  void recover() {
    down = false;
    failure = null;
    CountDownLatch latch = hanging;
    hanging = null;
    if (latch != null) {
      latch.countDown();
    }
  }

  /** Calls that come now get no answer until the store recovers. */
  void hang() {
    hanging = new CountDownLatch(1);
  }

  /** Transactions that come now go on once the latch is at zero. */
  void pause(CountDownLatch until) {
    paused = until;
  }

  void loseNextAnswer() {
    losing = usage -> true;
  }

  /** The answer of the next commit with such a record is lost. */
  void loseNextAnswerOf(Predicate<Usage> usages) {
    losing = usages;
  }

  /** The answer of the next commit is lost, and the store with it. */
  void breakDownWithNextAnswer() {
    endsWithLoss = true;
    loseNextAnswer();
  }

  /** True once somebody has looked for alerts, as is done soon after the start. */
  boolean wasAskedForAlerts() {
    return alertsRead.get() > 0;
  }

  /** Refuses these for good, whatever transaction they come in. */
  void refuse(Predicate<Usage> usages) {
    refused = usages;
  }

  /** Fails whatever transaction writes one of these holds, and not because the store is away. */
  void refuseHolds(Set<UUID> ids) {
    refusedHolds = ids;
  }

  /** Ledger transactions so far. */
  int transactions() {
    return transactions.get();
  }

  /** Transactions wait for the latch, and then all end with the same exception. */
  void failAllWith(RuntimeException shared, CountDownLatch after) {
    failAfter = after;
    failure = shared;
  }

  /** Throws this once, out of whatever is asked next. */
  void throwOnce(Error next) {
    error = next;
  }

  /** True if it was closed, which leaves the real one open. */
  boolean isClosed() {
    return closed;
  }

  private void requireUp() {
    Error thrown = error;
    if (thrown != null) {
      error = null;
      throw thrown;
    }
    CountDownLatch latch = hanging;
    if (latch != null) {
      try {
        latch.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw unavailable("the store hung until it recovered");
    }
    if (down) {
      throw unavailable("the store is down, as the test asked");
    }
  }

  private static BackendException unavailable(String why) {
    return new BackendException(BackendException.Kind.UNAVAILABLE, why);
  }

  private <T> T breakable(Class<T> type, T store) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              requireUp();
              Object answer = invoke(store, method, arguments);
              alertsRead.addAndGet(method.getName().equals("alerts") ? 1 : 0);
              return answer;
            });
    return type.cast(proxy);
  }

  private Object invoke(Object store, Method method, Object[] arguments) throws Throwable {
    if (!method.getName().equals("transact")) {
      return forward(store, method, arguments);
    }
    transactions.incrementAndGet();
    CountDownLatch pause = paused;
    if (pause != null) {
      pause.await();
    }
    RuntimeException shared = failure;
    if (shared != null) {
      failAfter.await();
      throw shared;
    }
    Refusing decider = new Refusing((Decider) arguments[1]);
    Object answer = forward(store, method, new Object[] {arguments[0], decider});
    if (decider.isLost()) {
      losing = null;
      down |= endsWithLoss;
      endsWithLoss = false;
      throw unavailable("the answer of a commit was lost, as the test asked");
    }
    return answer;
  }

  private static Object forward(Object store, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private final class Refusing implements Decider {
    private final Decider decider;
    private List<RecordedUsage> stamped = List.of();

    Refusing(Decider decider) {
      this.decider = decider;
    }

    boolean isLost() {
      Predicate<Usage> lost = losing;
      return lost != null
          && (stamped.isEmpty() || stamped.stream().map(RecordedUsage::usage).anyMatch(lost));
    }

    @Override
    public List<RecordedUsage> stamp(LedgerView view) {
      stamped = List.copyOf(decider.stamp(view));
      if (stamped.stream().map(RecordedUsage::usage).anyMatch(refused)) {
        throw new BackendException(BackendException.Kind.REJECTED, "the store refuses this record");
      }
      return stamped;
    }

    @Override
    public boolean storesOld(UUID id) {
      return decider.storesOld(id);
    }

    @Override
    public List<UsageAdjustment> adjustments(UUID id) {
      return decider.adjustments(id);
    }

    @Override
    public LedgerWrites decide(LedgerView view, StoredRecords records) {
      LedgerWrites writes = decider.decide(view, records);
      if (writes.holds().stream().map(HoldRecord::id).anyMatch(refusedHolds::contains)) {
        throw new IllegalStateException("the store refuses this hold, as the test asked");
      }
      return writes;
    }
  }

  @Override
  public Ledger ledger() {
    return breakable(Ledger.class, real.ledger());
  }

  @Override
  public UsageStore usage() {
    return breakable(UsageStore.class, real.usage());
  }

  @Override
  public LimitStore limits() {
    return breakable(LimitStore.class, real.limits());
  }

  @Override
  public DirectoryStore directory() {
    return breakable(DirectoryStore.class, real.directory());
  }

  @Override
  public AuditLog audit() {
    return breakable(AuditLog.class, real.audit());
  }

  @Override
  public Maintenance maintenance() {
    return breakable(Maintenance.class, real.maintenance());
  }

  @Override
  public AccessKeyStore accessKeys() {
    return breakable(AccessKeyStore.class, ((AccessBackend) real).accessKeys());
  }

  @Override
  public CredentialStore credentials() {
    return breakable(CredentialStore.class, ((AccessBackend) real).credentials());
  }

  @Override
  public Outbox outbox() {
    return breakable(Outbox.class, ((SinkBackend) real).outbox());
  }

  @Override
  public Redelivery redelivery() {
    return breakable(Redelivery.class, ((SinkBackend) real).redelivery());
  }

  @Override
  public OwnedObjectStore ownedObjects() {
    return breakable(OwnedObjectStore.class, ((AccessBackend) real).ownedObjects());
  }

  @Override
  public void close() {
    closed = true;
  }
}
