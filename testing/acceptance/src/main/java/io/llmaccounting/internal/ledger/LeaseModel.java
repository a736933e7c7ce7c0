package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.quota.Counter;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.internal.quota.Recount;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.Window;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * What happened in a history, added up without the engine: what was let in and was not late stays
 * within the maximum, and what processes may spend the ledger holds.
 */
final class LeaseModel {
  final UsageBackend backend;
  final List<SimulatedProcess> processes = new ArrayList<>();
  final List<Limit> limits = new ArrayList<>();
  final Map<UUID, HoldRecord> held = new HashMap<>();
  long late;
  private final ManualClock clock;
  private final Map<String, Long> highest = new HashMap<>();
  private final Map<String, List<Booked>> booked = new HashMap<>();

  LeaseModel(UsageBackend backend, ManualClock clock) {
    this.backend = backend;
    this.clock = clock;
  }

  /** What was booked on time, of which limit's window it counts in. */
  private record Booked(Instant charged, long amount) {}

  /** A kind of window. */
  static Window window(int kind, Random random) {
    return switch (kind) {
      case 0 ->
          random.nextBoolean()
              ? new Window.Lifetime()
              : new Window.Rolling(Duration.ofSeconds(50 + random.nextInt(60)));
      case 1 -> new Window.Calendar(1, CalendarUnit.MINUTE, ZoneOffset.UTC);
      case 2 -> new Window.Rolling(Duration.ofSeconds(60));
      default -> new Window.Lifetime();
    };
  }

  void save(Limit limit) {
    backend.limits().save(limit, LimitSeed.SEED);
    limits.removeIf(one -> one.name().equals(limit.name()));
    limits.add(limit);
    highest.merge(limit.name(), limit.maximum(), Math::max);
    booked.computeIfAbsent(limit.name(), name -> new ArrayList<>());
  }

  // what is booked counts by its record from now on, whether its process knows it or not
  void bookedIfStored(SimulatedProcess process, SimulatedCall call) {
    RecordedUsage record = backend.usage().find(call.id).orElse(null);
    if (record == null || !call.covered && call.expected == null) {
      return;
    }
    boolean isNew = call.expected != null;
    if (!isNew) {
      return;
    }
    assertThat(record.chargedAt()).isAfterOrEqualTo(call.admitted.truncatedTo(ChronoUnit.MICROS));
    assertThat(record.chargedAt()).isBeforeOrEqualTo(clock.instant());
    if (call.covered) {
      assertThat(record.late()).as("call %s", call.id).isFalse();
    }
    if (record.late()) {
      late++;
    } else {
      for (Limit limit : watching(call.request)) {
        long actual =
            limit.metric() == Metric.COST
                ? Math.min(
                    record.usage().cost().orElseThrow().nanos(), call.expected.cost().nanos())
                : 1;
        booked.get(limit.name()).add(new Booked(record.chargedAt(), actual));
      }
    }
    call.expected = null;
    if (call.told == null) {
      process.calls.remove(call);
    }
  }

  private List<Limit> watching(CallRequest request) {
    return limits.stream()
        .filter(limit -> limit.watches(request.model(), null, request.attribution()))
        .toList();
  }

  // which calls are held for: those whose hold or leases are there and have not expired
  void cover() {
    Instant now = clock.instant();
    held.clear();
    for (HoldRecord hold : backend.ledger().holds()) {
      if (hold.expiresAt().isAfter(now)) {
        held.put(hold.id(), hold);
      }
    }
    Set<UUID> live = held.keySet();
    for (SimulatedProcess process : processes) {
      for (SimulatedCall call : process.calls) {
        call.covered =
            call.covered
                && (call.expected == null
                    || (call.leased == null
                        ? live.contains(call.id)
                        : call.leased.shares().stream()
                            .allMatch(share -> live.contains(share.lease().id()))));
      }
    }
  }

  void check() {
    cover();
    Instant now = clock.instant();
    for (Limit limit : limits) {
      long sum = booked(limit, now) + underWay(limit, now);
      assertThat(sum)
          .as("%s: let in, and not late", limit)
          .isLessThanOrEqualTo(highest.get(limit.name()));
    }
    processes.forEach(this::checkBacked);
  }

  // what a process may spend, and what its calls under way expect, the ledger holds
  private void checkBacked(SimulatedProcess process) {
    List<Watch> watches = process.watching(CallRequest.to("abc"));
    Map<OwnLease, Long> needed = new HashMap<>();
    process.balances.on(watches).forEach(lease -> needed.put(lease, lease.free()));
    for (SimulatedCall call : process.calls) {
      if (call.leased != null && call.expected != null && call.covered) {
        call.leased
            .shares()
            .forEach(share -> needed.merge(share.lease(), share.amount(), Long::sum));
      }
    }
    needed.forEach(
        (lease, amount) -> {
          HoldRecord row = held.get(lease.id());
          if (row != null) {
            assertThat(LeaseRows.amount(row))
                .as("the ledger backs lease %s", lease.id())
                .isGreaterThanOrEqualTo(amount);
          }
        });
  }

  private long booked(Limit limit, Instant now) {
    long sum = 0;
    for (Iterator<Booked> all = booked.get(limit.name()).iterator(); all.hasNext(); ) {
      Booked one = all.next();
      if (counts(limit, one.charged(), now)) {
        sum += one.amount();
      } else {
        all.remove();
      }
    }
    return sum;
  }

  private static boolean counts(Limit limit, Instant charged, Instant now) {
    if (limit.window() instanceof Window.Rolling rolling) {
      return charged.plus(rolling.length()).isAfter(now);
    }
    if (limit.window() instanceof Window.Calendar calendar) {
      return calendar.at(charged).contains(now);
    }
    return true;
  }

  private long underWay(Limit limit, Instant now) {
    long sum = 0;
    for (SimulatedProcess process : processes) {
      for (SimulatedCall call : process.calls) {
        boolean watched = limit.watches(call.request.model(), null, call.request.attribution());
        if (call.covered && call.expected != null && watched && counts(limit, call.admitted, now)) {
          sum += limit.metric() == Metric.COST ? call.expected.cost().nanos() : 1;
        }
      }
    }
    return sum;
  }

  void verify() {
    assertThat(backend.maintenance().inspect(Recount::differences)).isEmpty();
  }

  /** All is settled or expired. */
  void checkNothingHeld() {
    Map<Long, Limit> byId = new HashMap<>();
    for (StoredLimit stored : backend.limits().load().limits()) {
      byId.put(stored.id(), stored.limit());
    }
    backend
        .maintenance()
        .inspect(
            view -> {
              view.counters()
                  .forEach(
                      (key, state) -> {
                        Counter counter = Counter.of(byId.get(key.limitId()), state);
                        counter.advance(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
                        assertThat(counter.held()).isZero();
                        assertThat(counter.leased()).isZero();
                      });
              return true;
            });
  }
}
