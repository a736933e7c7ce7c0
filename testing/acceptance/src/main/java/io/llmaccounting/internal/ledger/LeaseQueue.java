package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.acceptance.StorageUnderTest;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Processes that call more or less often under one leased limit, until less and less is left, and
 * how long each is refused although others only keep what it asks for.
 */
final class LeaseQueue implements AutoCloseable {
  private static final long LIVES = 60_000_000;
  private static final int LOOK_MILLIS = 100;
  private static final int STEP_MILLIS = 20;

  private final Random random;
  private final ManualClock clock = ManualClock.create();
  private final UsageBackend backend;
  private final Duration term;
  private final long maximum;
  private final Duration window;
  private final List<Member> members = new ArrayList<>();
  private final Deque<Instant> let = new ArrayDeque<>();
  long refused;

  /** A process, how often it calls, and since when it is refused what is there. */
  private static final class Member {
    final SimulatedProcess process;
    final int everyMillis;
    int sinceCall;
    Instant refusedSince;

    Member(SimulatedProcess process, int everyMillis) {
      this.process = process;
      this.everyMillis = everyMillis;
    }
  }

  LeaseQueue(long seed, StorageUnderTest storage) {
    random = new Random(seed);
    backend = storage.open(clock);
    Meters meters = new Meters(clock);
    term = Duration.ofSeconds(1 + random.nextInt(3));
    window = term.multipliedBy(10 + random.nextInt(20));
    maximum = 30 + random.nextInt(400);
    backend
        .limits()
        .save(Limit.named("shared").requests(maximum).rolling(window).leased(term), LimitSeed.SEED);
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      int every = STEP_MILLIS * (1 + (random.nextBoolean() ? 0 : random.nextInt(60)));
      members.add(new Member(new SimulatedProcess(backend, clock, random, meters), every));
    }
  }

  void play(long most) {
    long steps = Math.min(most, window.multipliedBy(2).toMillis() / STEP_MILLIS);
    for (long i = 0; i < steps; i++) {
      clock.advance(Duration.ofMillis(STEP_MILLIS));
      forget();
      for (Member member : members) {
        if (i % (LOOK_MILLIS / STEP_MILLIS) == 0) {
          ask(member.process, member.process.balances.due());
        }
        member.sinceCall += STEP_MILLIS;
        if (member.sinceCall >= member.everyMillis) {
          member.sinceCall = 0;
          call(member);
        }
      }
    }
  }

  // what has left the window is room again
  private void forget() {
    Instant from = clock.instant().minus(window);
    for (Iterator<Instant> all = let.iterator(); all.hasNext(); ) {
      if (all.next().isAfter(from)) {
        break;
      }
      all.remove();
    }
  }

  private void call(Member member) {
    boolean isRoom = let.size() < maximum;
    if (tryCall(member.process)) {
      assertThat(isRoom).as("let in although %d of %d were", let.size(), maximum).isTrue();
      let.add(clock.instant());
      member.refusedSince = null;
    } else if (isRoom) {
      refused++;
      Instant now = clock.instant();
      member.refusedSince = member.refusedSince == null ? now : member.refusedSince;
      assertThat(Duration.between(member.refusedSince, now))
          .as("refused with %d of %d let in, term %s", let.size(), maximum, term)
          .isLessThanOrEqualTo(term.multipliedBy(2));
    }
    if (let.size() >= maximum) {
      members.forEach(one -> one.refusedSince = null);
    }
  }

  private boolean tryCall(SimulatedProcess process) {
    CallRequest request = CallRequest.to("m");
    Expectation expected = new Expectation(1, 1, Cost.ZERO);
    UUID id = UsageId.create(clock.instant(), random);
    List<Watch> watches = process.watching(request);
    Balances.Taken taken = process.balances.take(id, request, watches, expected, LIVES);
    if (taken == null) {
      ReserveOperation reserve =
          new ReserveOperation(new HoldRequest(id, request, expected, LIVES));
      Object unused = process.ledger.book(List.of(reserve), SimulatedLedger.End.ANSWERED);
      process.known = new LimitIndex(backend.limits().load());
      if (reserve.await(Duration.ofSeconds(1), System.nanoTime() + 1_000_000_000L).hold() == null) {
        return false;
      }
      process.balances.decidedInLedger(watches, expected);
    }
    if (process.balances.isThirsty()) {
      ask(process, process.balances.thirsty());
    }
    Usage usage =
        new UsageBuilder(clock.instant()).id(id).model("m").tokens(TokenUsage.of(1, 1)).build();
    PendingRecord entry =
        taken == null
            ? new PendingRecord(usage, Given.NOTHING, true)
            : PendingRecord.of(taken.call(), usage, Given.NOTHING);
    Object unused =
        process.ledger.book(
            List.of(new RecordOperation(List.of(entry), OldUsage.REFUSE, false)),
            SimulatedLedger.End.ANSWERED);
    return true;
  }

  private void ask(SimulatedProcess process, List<OwnLease> leases) {
    List<Operation<?>> batch = new ArrayList<>();
    leases.forEach(lease -> batch.add(new LeaseOperation(lease, process.balances)));
    if (!batch.isEmpty()) {
      Object unused = process.ledger.book(batch, SimulatedLedger.End.ANSWERED);
    }
  }

  @Override
  public void close() {
    backend.close();
  }
}
