package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.LlmAssertions.catchThrowableOfType;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OpenHold;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Errors of the machine, of handlers and of stores that lose nothing and hide nothing. */
public class FaultAcceptance extends OutageTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  private static final Buffering PATIENT = Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1));

  private LlmAccounting buffered(Buffering settings) {
    return fragile(builder -> builder.buffered(settings));
  }

  private LlmAccounting spooling() {
    return fragile(settings -> settings.spool(spool()));
  }

  // an accounting knows the limits once it has asked
  private static void seeLimits(LlmAccounting accounting) {
    accounting.quotas().check(REQUEST);
  }

  @Test
  @DisplayName(
      "faults A10: an error of the machine in the store loses nothing that memory accepted")
  final void anErrorOfTheMachineLosesNothing() {
    for (Error error :
        List.of(new OutOfMemoryError("as the test asked"), new StackOverflowError())) {
      try (LlmAccounting accounting = buffered(PATIENT)) {
        UUID first = accounting.track(aCall().usage()).id();
        store().throwOnce(error);
        accounting.flush();
        UUID second = accounting.track(aCall().usage()).id();
        accounting.flush();

        assertThat(storedIds()).contains(first, second);
        assertThat(accounting.health().counts().lost()).isZero();
        assertThat(accounting.health().counts().contained()).isPositive();
      }
    }
  }

  @Test
  @DisplayName("faults A10: the buffer goes on after an error handler that overflows the stack")
  final void theBufferOutlivesAHandlerThatOverflows() {
    try (LlmAccounting accounting =
        fragile(builder -> builder.buffered(PATIENT).errorHandler(FaultAcceptance::overflow))) {
      UUID poison = accounting.track(aCall().usage()).id();
      store().refuse(usage -> usage.id().equals(poison));
      accounting.flush();

      UUID good = accounting.track(aCall().usage()).id();
      accounting.flush();

      assertThat(storedIds()).containsExactly(good);
      assertThat(accounting.health().counts().lost()).isEqualTo(1);
    }
  }

  private static void overflow(RuntimeException error) {
    List.of(error).forEach(FaultAcceptance::overflow);
  }

  @Test
  @DisplayName("faults H6: callers of a failed batch get exceptions of their own, with one cause")
  final void eachCallerGetsAnExceptionOfItsOwn() throws Exception {
    try (LlmAccounting accounting = fragile(settings -> settings.timeout(LONG))) {
      CountDownLatch go = new CountDownLatch(1);
      store().failAllWith(new BackendException(BackendException.Kind.UNUSABLE, "broken"), go);
      Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(new Thread(() -> failures.add(failure(accounting))));
      }
      callers.forEach(Thread::start);
      eventually(
          "all wait in line",
          () -> callers.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING));
      go.countDown();
      for (Thread caller : callers) {
        caller.join();
      }

      // the first alone, the others together
      assertThat(store().transactions()).isEqualTo(2);
      assertThat(identities(failures)).isEqualTo(8);
      assertThat(failures)
          .allSatisfy(
              one -> {
                assertThat(one).hasMessageContaining("broken");
                assertThat(one.getSuppressed()).hasSize(1);
                assertThat(one.getStackTrace())
                    .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("failure"));
              });
    }
  }

  private static int identities(Collection<RuntimeException> failures) {
    Set<RuntimeException> different = Collections.newSetFromMap(new IdentityHashMap<>());
    different.addAll(failures);
    return different.size();
  }

  // as try-with-resources does with what fails on the way out
  private static RuntimeException failure(LlmAccounting accounting) {
    RuntimeException failure =
        catchThrowableOfType(BackendException.class, () -> accounting.track(aCall().usage()));
    failure.addSuppressed(new IllegalStateException("of this caller"));
    return failure;
  }

  @Test
  @DisplayName("faults B7: holds are renewed together")
  final void holdsAreRenewedTogether() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      List<LlmCall> calls = begin(accounting, 200);
      int before = store().transactions();

      clock.advance(Duration.ofSeconds(40));

      eventually("all are renewed", () -> renewed(accounting).size() == 200);
      assertThat(store().transactions() - before).isLessThan(50);
      calls.forEach(call -> call.succeeded(TokenUsage.of(1, 1)));
    }
  }

  @Test
  @DisplayName("faults B7: a hold that cannot be renewed keeps no other from it")
  final void whatFailsForOneHoldFailsForNoOther() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      List<LlmCall> calls = begin(accounting, 100);
      Set<UUID> stuck = Set.of(calls.get(3).id(), calls.get(50).id(), calls.get(97).id());
      store().refuseHolds(stuck);
      int before = store().transactions();

      clock.advance(Duration.ofSeconds(40));

      eventually("all others are renewed", () -> renewed(accounting).size() == 97);
      eventually("each failure is told", () -> handled.size() >= 3);
      assertThat(handled).allSatisfy(e -> assertThat(e).hasMessageContaining("refuses this hold"));
      assertThat(accounting.health().counts().contained()).isGreaterThanOrEqualTo(3);
      assertThat(store().transactions() - before).isLessThan(90);
      store().refuseHolds(Set.of());
      eventually("the others are renewed too", () -> renewed(accounting).size() == 100);
      assertThat(accounting.health().counts().expired()).isZero();
      calls.forEach(call -> call.succeeded(TokenUsage.of(1, 1)));
    }
  }

  private List<LlmCall> begin(LlmAccounting accounting, int count) {
    List<LlmCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(accounting.begin(REQUEST.holdFor(Duration.ofSeconds(60))));
    }
    return calls;
  }

  // of those that were to live for a minute from the start
  private static List<OpenHold> renewed(LlmAccounting accounting) {
    return accounting.admin().openHolds().stream()
        .filter(hold -> hold.expiresAt().isAfter(hold.admittedAt().plusSeconds(61)))
        .toList();
  }

  @Test
  @DisplayName("faults H9: amounts start anew although nothing more can be kept just then")
  final void amountsStartAnewInOneStep() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      spool().takeNothing();
      recover(accounting);
      eventually("the amount starts anew", () -> spool().openAmounts().sums().isEmpty());
      breakDown(accounting);
      spool().freeDisk();

      for (int i = 0; i < 3; i++) {
        accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      }
      recover(accounting);
    }
  }

  @Test
  @DisplayName(
      "faults H4: a call that is renewed in an outage is still under way after its first end")
  final void aRenewedCallStaysUnderWay() {
    save(Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3)));
    try (LlmAccounting accounting = spooling()) {
      seeLimits(accounting);
      breakDown(accounting);
      HeldCall held =
          accounting.quotas().reserve(REQUEST.holdFor(Duration.ofSeconds(60))).hold().orElseThrow();
      clock.advance(Duration.ofSeconds(40));
      assertThat(held.renew()).isEqualTo(clock.instant().plusSeconds(60));
      clock.advance(Duration.ofSeconds(40));
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      recover(accounting);

      eventually(
          "only what is under way counts",
          () -> spool().openAmounts().sums().values().stream().mapToLong(n -> n).sum() == 1);
    }
  }

  @Test
  @DisplayName("faults G2: a store that answers that its disk is full is quoted, not called silent")
  final void whatTheStoreAnsweredIsTold() {
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      store().breakDown();

      assertThatThrownBy(() -> accounting.track(aCall().usage()))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("the store is down, as the test asked")
          .hasMessageContaining("under the same id or key");
    }
  }
}
