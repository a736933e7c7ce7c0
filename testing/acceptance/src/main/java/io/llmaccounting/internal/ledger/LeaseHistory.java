package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.acceptance.StorageUnderTest;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Some processes that share limits, and what befalls them: kills, pauses, clocks that disagree,
 * answers that get lost, limits that change. After each step all that was let in and was not late
 * is added up again from what happened, not from what the engine says of it.
 */
final class LeaseHistory implements AutoCloseable {
  private static final long LIVES = 60_000_000;
  private static final List<String> MODELS = List.of("a", "ab", "a", "ab", "ab", "abc");

  private final Random random;
  private final ManualClock clock = ManualClock.create();
  private final UsageBackend backend;
  private final Meters meters;
  private final LeaseModel model;
  private final List<SimulatedProcess> processes;
  private final double chaos;
  private final boolean changes;
  long locally;
  long inLedger;
  long denied;

  LeaseHistory(long seed, StorageUnderTest storage) {
    random = new Random(seed);
    backend = storage.open(clock);
    meters = new Meters(clock);
    model = new LeaseModel(backend, clock);
    processes = model.processes;
    chaos = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.08;
    changes = random.nextInt(3) == 0;
    Duration term = Duration.ofSeconds(1 + random.nextInt(5));
    int plenty = random.nextInt(3) == 0 ? 10 : 1;
    model.save(
        Limit.named("a")
            .where(Dimension.MODEL, Match.prefix("a"))
            .cost(Cost.ofNanos((200 + random.nextInt(4_000)) * plenty))
            .over(LeaseModel.window(0, random))
            .leased(term));
    model.save(
        Limit.named("b")
            .where(Dimension.MODEL, Match.prefix("ab"))
            .requests((50 + random.nextInt(400)) * plenty)
            .over(LeaseModel.window(1 + random.nextInt(3), random))
            .leased(term));
    model.save(
        Limit.named("c")
            .model("abc")
            .requests(20 + random.nextInt(400))
            .rolling(Duration.ofMinutes(2)));
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      processes.add(newProcess());
    }
  }

  private SimulatedProcess newProcess() {
    return new SimulatedProcess(backend, clock, random, meters);
  }

  long late() {
    return model.late;
  }

  private UUID newId() {
    return UsageId.create(clock.instant(), random);
  }

  void play(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      model.check();
      if (i % 200 == 0) {
        model.verify();
      }
    }
    end();
  }

  private void step() {
    passTime();
    model.cover();
    int at = random.nextInt(processes.size());
    SimulatedProcess process = processes.get(at);
    if (process.isPaused()) {
      return;
    }
    int dice = random.nextInt(1_000);
    if (dice < 520) {
      begin(process);
    } else if (dice < 800) {
      settle(process);
    } else if (dice < 830) {
      release(process);
    } else if (dice < 870) {
      grow(process);
    } else if (dice < 970) {
      look(process);
    } else if (dice < 980) {
      sweep(process);
    } else if (dice < 985) {
      process.pausedUntil = clock.instant().plusMillis(random.nextInt(15_000));
    } else if (dice < 988) {
      processes.set(at, newProcess());
    } else if (dice < 991) {
      track(process);
    } else if (dice < 993 && changes) {
      change();
    } else if (dice < 994) {
      close(process);
      processes.set(at, newProcess());
    }
  }

  private void passTime() {
    int dice = random.nextInt(100);
    long millis =
        dice < 90 ? random.nextInt(40) : dice < 99 ? random.nextInt(900) : random.nextInt(6_000);
    clock.advance(Duration.ofNanos(1_000 * (millis * 1_000 + random.nextInt(1_000))));
  }

  private void begin(SimulatedProcess process) {
    CallRequest request = CallRequest.to(MODELS.get(random.nextInt(MODELS.size())));
    long cost = random.nextInt(50) == 0 ? random.nextInt(400) : random.nextInt(12);
    Expectation expected = new Expectation(1, 1, Cost.ofNanos(cost));
    UUID id = newId();
    List<Watch> watches = process.watching(request);
    if (Balances.areAllLeased(watches)) {
      Balances.Taken taken = process.balances.take(id, request, watches, expected, LIVES);
      if (taken != null) {
        locally++;
        for (LeasedCall.Share share : taken.call().shares()) {
          assertThat(model.held.get(share.lease().id()))
              .as("a lease that calls are let in from is live in the ledger")
              .isNotNull();
        }
        process.calls.add(new SimulatedCall(id, request, taken.call(), clock.instant(), expected));
        thirst(process);
        return;
      }
    }
    ReserveOperation operation =
        new ReserveOperation(new HoldRequest(id, request, expected, LIVES));
    SimulatedLedger.End end = process.ledger.end(chaos);
    List<Operation<?>> batch = new ArrayList<>(List.of(operation));
    if (random.nextInt(4) == 0) {
      asks(process, process.balances.due(), batch);
    }
    if (process.ledger.book(batch, end) == null) {
      return;
    }
    know(process);
    ReserveOperation.Outcome outcome =
        operation.await(Duration.ofSeconds(1), System.nanoTime() + 1_000_000_000L);
    if (outcome.hold() == null) {
      denied++;
      return;
    }
    inLedger++;
    process.calls.add(new SimulatedCall(id, request, null, outcome.hold().admittedAt(), expected));
    if (Balances.areAllLeased(watches)) {
      process.balances.decidedInLedger(watches, expected);
      thirst(process);
    }
  }

  private void know(SimulatedProcess process) {
    process.known = new LimitIndex(backend.limits().load());
  }

  private void thirst(SimulatedProcess process) {
    if (process.balances.isThirsty() && random.nextInt(4) != 0) {
      book(process, process.balances.thirsty());
    }
  }

  private void look(SimulatedProcess process) {
    book(process, process.balances.due());
    List<Operation<?>> unfinished = new ArrayList<>();
    for (LeasedCall call : process.balances.expired()) {
      Usage usage =
          UnfinishedUsage.of(call.asHold(), new LimitIndex(backend.limits().load()), one -> one);
      unfinished.add(
          new RecordOperation(
              List.of(PendingRecord.of(call, usage, Given.NOTHING)), OldUsage.COUNT, false));
    }
    if (!unfinished.isEmpty()) {
      SimulatedLedger.End end = process.ledger.end(chaos);
      Object unused = process.ledger.book(unfinished, end);
      List.copyOf(process.calls).forEach(call -> model.bookedIfStored(process, call));
    }
  }

  private void book(SimulatedProcess process, List<OwnLease> leases) {
    List<Operation<?>> batch = new ArrayList<>();
    asks(process, leases, batch);
    if (!batch.isEmpty()) {
      Object unused = process.ledger.book(batch, process.ledger.end(chaos));
      know(process);
    }
  }

  private void asks(SimulatedProcess process, List<OwnLease> leases, List<Operation<?>> batch) {
    for (OwnLease lease : leases) {
      batch.add(new LeaseOperation(lease, process.balances));
    }
  }

  private void settle(SimulatedProcess process) {
    List<Operation<?>> batch = new ArrayList<>();
    Set<SimulatedCall> calls = new HashSet<>();
    for (int i = 1 + random.nextInt(3); i > 0 && process.any(random) != null; i--) {
      calls.add(process.any(random));
    }
    for (SimulatedCall call : calls) {
      if (call.told == null) {
        long expected = call.expected.cost().nanos();
        long actual =
            random.nextInt(10) == 0 ? expected + random.nextInt(20) : random.nextLong(expected + 1);
        call.told =
            new UsageBuilder(UsageId.timeOf(call.id))
                .id(call.id)
                .model(call.request.model())
                .tokens(TokenUsage.of(1, 1))
                .cost(Cost.ofNanos(actual))
                .build();
      }
      PendingRecord entry =
          call.leased != null
              ? PendingRecord.of(call.leased, call.told, Given.NOTHING)
              : new PendingRecord(call.told, Given.NOTHING, true);
      batch.add(new RecordOperation(List.of(entry), OldUsage.REFUSE, false));
    }
    if (random.nextInt(5) == 0) {
      asks(process, process.balances.due(), batch);
      Collections.shuffle(batch, random);
    }
    if (!batch.isEmpty()) {
      Object told = process.ledger.book(batch, process.ledger.end(chaos));
      for (SimulatedCall call : calls) {
        model.bookedIfStored(process, call);
        if (told != null) {
          process.calls.remove(call);
        }
      }
    }
  }

  private void release(SimulatedProcess process) {
    SimulatedCall call = process.any(random);
    if (call == null || call.told != null) {
      return;
    }
    if (call.leased != null) {
      process.balances.release(call.leased);
      call.covered = false;
      if (random.nextInt(4) != 0) {
        // else it is told to have consumed something all the same
        process.calls.remove(call);
      }
      return;
    }
    Object told =
        process.ledger.book(List.of(new ReleaseOperation(call.id)), process.ledger.end(chaos));
    process.calls.remove(call);
  }

  private void grow(SimulatedProcess process) {
    SimulatedCall call = process.any(random);
    if (call == null || call.told != null || call.expected == null) {
      return;
    }
    Expectation total =
        new Expectation(1, 1, Cost.ofNanos(call.expected.cost().nanos() + random.nextInt(30)));
    HoldRequest wanted = new HoldRequest(call.id, call.request, total, LIVES);
    if (call.leased != null && call.leased.grow(process.watching(call.request), total)) {
      call.expected = total;
      return;
    }
    Operation<Grown> growth =
        call.leased != null
            ? new GrowLeasedOperation(List.of(wanted), call.leased)
            : new GrowOperation(List.of(wanted));
    if (process.ledger.book(List.of(growth), process.ledger.end(chaos)) == null) {
      return;
    }
    try {
      Grown grown = growth.await(Duration.ofSeconds(1), System.nanoTime() + 1_000_000_000L);
      if (grown.granted() != null) {
        call.expected = total;
      }
    } catch (HoldGone gone) {
      // it goes on without
    }
  }

  private void sweep(SimulatedProcess process) {
    List<HoldRecord> expired = backend.ledger().expiredHolds(64);
    if (!expired.isEmpty()) {
      Object unused =
          process.ledger.book(
              List.of(
                  new ExpireOperation(expired, new Expiry(one -> one, calls -> {}, error -> {}))),
              process.ledger.end(chaos));
    }
  }

  private void track(SimulatedProcess process) {
    Usage usage =
        new UsageBuilder(clock.instant())
            .id(newId())
            .model("abc")
            .cost(Cost.ofNanos(random.nextInt(30)))
            .build();
    Object unused =
        process.ledger.book(
            List.of(
                new RecordOperation(
                    List.of(new PendingRecord(usage, Given.DURATIONS, false)),
                    OldUsage.REFUSE,
                    false)),
            SimulatedLedger.End.ANSWERED);
  }

  private void change() {
    Limit limit = model.limits.get(random.nextInt(model.limits.size()));
    int dice = random.nextInt(4);
    if (dice == 0 && !limit.name().equals("c")) {
      model.save(limit.isLeased() ? limit.unleased() : limit.leased(Duration.ofSeconds(1)));
    } else {
      model.save(limit.withMaximum(Math.max(10, limit.maximum() + random.nextInt(200) - 100)));
    }
  }

  private void close(SimulatedProcess process) {
    List<Operation<?>> batch = new ArrayList<>();
    asks(process, process.balances.close(), batch);
    if (!batch.isEmpty()) {
      Object unused = process.ledger.book(batch, process.ledger.end(chaos));
    }
  }

  // all is settled or expired: nothing is held, nothing is leased
  private void end() {
    processes.forEach(this::close);
    clock.advance(Duration.ofSeconds(2 * LIVES / 1_000_000));
    model.verify();
    SimulatedProcess last = newProcess();
    for (int i = 0; i < 100 && !backend.ledger().expiredHolds(1).isEmpty(); i++) {
      last.ledger.book(
          List.of(
              new ExpireOperation(
                  backend.ledger().expiredHolds(64),
                  new Expiry(one -> one, calls -> {}, error -> {}))),
          SimulatedLedger.End.ANSWERED);
    }
    assertThat(backend.ledger().holds()).isEmpty();
    model.verify();
    model.checkNothingHeld();
  }

  @Override
  public void close() {
    backend.close();
  }
}
