package io.llmaccounting.testkit.contract;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The base of all contracts: a clock moved by hand, and backends opened on one storage. */
public abstract class BackendContract {
  final ManualClock clock = ManualClock.create();
  private final List<UsageBackend> opened = new ArrayList<>();
  private @Nullable UsageBackend first;

  /** For the contracts of this package. */
  BackendContract() {}

  /**
   * Opens a backend whose ledger goes by {@code clock}. The storage is empty when a test first
   * asks, and <em>the same</em> whenever the same test asks again: what one backend stores the
   * others see, and it is still there after all were closed. The contract closes every backend that
   * it opens.
   */
  protected abstract UsageBackend open(InstantSource clock);

  @AfterEach
  final void closeAll() {
    opened.forEach(UsageBackend::close);
  }

  /** The backend that a test works with unless it needs more than one. */
  final UsageBackend backend() {
    UsageBackend backend = first;
    if (backend == null) {
      backend = another();
      first = backend;
    }
    return backend;
  }

  /** One more instance on the same storage. */
  final UsageBackend another() {
    UsageBackend backend = open(clock);
    opened.add(backend);
    return backend;
  }

  /** Closes the backend under test and opens its storage again. */
  final UsageBackend reopen() {
    backend().close();
    first = another();
    return first;
  }

  final StoredRecords record(Usage... usages) {
    return record(backend(), List.of(usages));
  }

  static StoredRecords record(UsageBackend backend, List<Usage> usages) {
    PlainDecider decider = new PlainDecider(usages, view -> LedgerWrites.NONE);
    backend.ledger().transact(batch(backend), decider);
    return decider.stored();
  }

  /** One transaction that locks {@code counters}; returns what it saw. */
  static LedgerView transact(
      UsageBackend backend, Set<CounterKey> counters, Function<LedgerView, LedgerWrites> writes) {
    return transact(
        backend,
        new LedgerBatch(backend.limits().revision(), new TreeSet<>(counters), Set.of(), Set.of()),
        writes);
  }

  static LedgerView transact(
      UsageBackend backend, LedgerBatch batch, Function<LedgerView, LedgerWrites> writes) {
    PlainDecider decider = new PlainDecider(List.of(), writes);
    backend.ledger().transact(batch, decider);
    return decider.view();
  }

  static LedgerBatch batch(UsageBackend backend, CounterKey... counters) {
    return new LedgerBatch(
        backend.limits().revision(), new TreeSet<>(List.of(counters)), Set.of(), Set.of());
  }

  static LedgerBatch taking(UsageBackend backend, UUID hold) {
    return new LedgerBatch(backend.limits().revision(), none(), Set.of(hold), Set.of());
  }

  static LedgerBatch reading(UsageBackend backend, UUID hold) {
    return new LedgerBatch(backend.limits().revision(), none(), Set.of(), Set.of(hold));
  }

  private static SortedSet<CounterKey> none() {
    return new TreeSet<>();
  }

  /** Saves a limit whose counters start empty. */
  final StoredLimit save(Limit limit) {
    return backend().limits().save(limit, PlainSeed.ofNothing());
  }

  /** Makes known that a call that was recorded failed. */
  final void fail(Usage usage) {
    transact(
        backend(),
        new LedgerBatch(
            backend().limits().revision(), new TreeSet<>(), Set.of(), Set.of(), Set.of(usage.id())),
        view ->
            new LedgerWrites(
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                    Adjustment.ofFigures(
                        Objects.requireNonNull(view.records().get(usage.id())),
                        CallFigures.of(usage).withOutcome(Outcome.FAILED)))));
  }

  /** A counter of a new limit. */
  final CounterKey aCounter(String subject) {
    StoredLimit limit = save(Limit.named("limit for " + subject).requests(10).lifetime());
    return new CounterKey(limit.id(), subject);
  }

  /** What is stored for a counter; EMPTY where there is no such counter. */
  static CounterState state(UsageBackend backend, CounterKey counter) {
    return backend
        .ledger()
        .peek(Set.of(counter))
        .counters()
        .getOrDefault(counter, CounterState.EMPTY);
  }
}
