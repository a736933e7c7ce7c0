package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/**
 * What every backend must make an accounting do, on the {@link BackendUnderTest} of the module that
 * runs it. After each test, rollups and counters are compared with the records. A suite with the
 * tag {@code engine} is about what comes before any store: an ordinary build runs it in memory and
 * on SQLite only.
 */
public abstract class AcceptanceTest {
  static final ZoneId UTC = ZoneOffset.UTC;

  final ManualClock clock = ManualClock.create();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private LlmAccounting accounting;
  private UsageBackend backend;
  private StorageUnderTest storage;

  /** What the test stores in: on the chosen backend, unless it is about another. */
  BackendUnderTest underTest() {
    return BackendUnderTest.chosen();
  }

  // the first to ask may be several threads
  final synchronized StorageUnderTest storage() {
    if (storage == null) {
      storage = underTest().create();
    }
    return storage;
  }

  /** A backend whose ledger goes by {@code clock}; the same storage each time within one test. */
  final UsageBackend open(InstantSource clock) {
    return storage().open(clock);
  }

  final Meddling meddling() {
    return storage().meddling();
  }

  /** The accounting of the test, with default settings. */
  final synchronized LlmAccounting accounting() {
    if (accounting == null) {
      accounting = another();
    }
    return accounting;
  }

  /** One more accounting on the same storage. */
  final LlmAccounting another() {
    return another(settings -> settings);
  }

  /** One more accounting on the same storage, with settings of its own. */
  final LlmAccounting another(UnaryOperator<LlmAccountingBuilder> settings) {
    LlmAccounting more =
        settings
            .apply(LlmAccounting.builder(open(clock)).clock(clock).expectedTokens(0, 0))
            .build();
    opened.add(more);
    return more;
  }

  /** Closes {@code one} after the test. */
  final void closing(AutoCloseable one) {
    opened.add(one);
  }

  /** The storage, to look behind the accounting. */
  final UsageBackend backend() {
    if (backend == null) {
      backend = open(clock);
      opened.add(backend);
    }
    return backend;
  }

  final Limit save(Limit limit) {
    return accounting().limits().save(limit);
  }

  /** Tracks a call made now. */
  final Receipt track(CallFixture call) {
    return track(call, clock.instant());
  }

  final Receipt track(CallFixture call, Instant at) {
    return accounting().track(call.at(at).usage());
  }

  final void track(int count, CallFixture call) {
    for (int i = 0; i < count; i++) {
      track(call);
    }
  }

  final Decision check(CallFixture call) {
    return accounting().quotas().check(call.request());
  }

  final Reservation reserve(CallFixture call) {
    return accounting().quotas().reserve(call.request());
  }

  /** The hold of a call that must be admitted. */
  final HeldCall hold(CallFixture call) {
    Reservation reservation = reserve(call);
    assertThat(reservation.decision()).isAdmitted();
    return reservation.hold().orElseThrow();
  }

  final Receipt settle(HeldCall held, CallFixture actual) {
    return held.settle(actual.id(held.id()).usage());
  }

  /** How the limit of this name stands for such a call. */
  final LimitStatus status(String limit, CallFixture call) {
    List<LimitStatus> statuses = accounting().quotas().status(call.request());
    return statuses.stream()
        .filter(status -> status.limit().name().equals(limit))
        .findFirst()
        .orElseThrow(() -> new AssertionError(limit + " does not watch the call: " + statuses));
  }

  final long used(String limit, CallFixture call) {
    return status(limit, call).used();
  }

  final long held(String limit, CallFixture call) {
    return status(limit, call).held();
  }

  final RecordedUsage stored(UUID id) {
    return backend().usage().find(id).orElseThrow();
  }

  @AfterEach
  final void everythingAddsUp() throws Exception {
    try (LlmAccounting last = LlmAccounting.builder(open(clock)).clock(clock).build()) {
      assertThat(last.admin().verify().differences()).isEmpty();
    } finally {
      for (AutoCloseable one : opened) {
        one.close();
      }
      if (storage != null) {
        storage.close();
      }
    }
  }
}
