package io.llmaccounting.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.llmaccounting.usage.Attribution;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("who is calling")
class CallContextTest {
  private static final Attribution ANN = Attribution.NONE.withUser("ann");
  private static final Attribution BOB = Attribution.NONE.withUser("bob");

  private static final int ROUNDS = 5_000;

  private final ExecutorService pool = Executors.newSingleThreadExecutor();

  @AfterEach
  void close() {
    pool.shutdownNow();
    assertThat(user()).isNull();
  }

  private static String user() {
    return CallContext.current().attribution().user();
  }

  @Test
  void theInnermostCountsAndTakesWhatItLeavesOpenFromAround() {
    try (CallContext.Scope outer = CallContext.of(ANN.withProject("p")).open()) {
      try (CallContext.Scope inner = CallContext.of(BOB).open()) {
        assertThat(CallContext.current().attribution()).isEqualTo(BOB.withProject("p"));
      }
      assertThat(CallContext.current().attribution()).isEqualTo(ANN.withProject("p"));
    }
  }

  @Test
  void whatIsUnmeteredIsSoUntilItIsClosedAndKeepsWhoCalls() throws Exception {
    try (CallContext.Scope outer = CallContext.of(ANN).open()) {
      try (CallContext.Scope off = CallContext.unmetered().open();
          CallContext.Scope inner = CallContext.of(BOB.withProject("p")).open()) {
        assertThat(CallContext.current().isMetered()).isFalse();
        assertThat(user()).isEqualTo("bob");
        Callable<Boolean> there = CallContext.wrap(() -> CallContext.current().isMetered());
        assertThat(pool.submit(there).get()).isFalse();
      }
      assertThat(CallContext.current().isMetered()).isTrue();
      assertThat(user()).isEqualTo("ann");
    }
  }

  @Test
  void whileAnotherThreadClosesOneTheOneAroundIsSeen() throws Exception {
    AtomicReference<CallContext.Scope> next = new AtomicReference<>();
    Future<?> closing =
        pool.submit(
            () -> {
              for (int closed = 0; closed < ROUNDS; ) {
                CallContext.Scope scope = next.getAndSet(null);
                if (scope != null) {
                  scope.close();
                  closed++;
                }
              }
            });
    try (CallContext.Scope around = CallContext.of(ANN).open()) {
      for (int i = 0; i < ROUNDS; i++) {
        next.set(CallContext.of(BOB).open());
        String seen = user();
        while ("bob".equals(seen)) {
          seen = user();
        }
        assertThat(seen).as("round %d", i).isEqualTo("ann");
      }
    }
    closing.get(30, TimeUnit.SECONDS);
  }

  @Test
  void scopesMayBeClosedInAnyOrderAndTwice() {
    CallContext.Scope first = CallContext.of(ANN).open();
    CallContext.Scope second = CallContext.of(BOB).open();
    CallContext.Scope third = CallContext.of(Attribution.NONE.withUser("cy")).open();

    second.close();
    assertThat(user()).isEqualTo("cy");
    third.close();
    third.close();
    assertThat(user()).isEqualTo("ann");
    first.close();
    assertThat(user()).isNull();
  }

  @Test
  void aSnapshotReplacesWhatIsOpenWhereItIsOpened() throws Exception {
    CallContext carried;
    try (CallContext.Scope scope = CallContext.of(ANN).open()) {
      carried = CallContext.current();
    }
    try (CallContext.Scope there = CallContext.of(BOB.withProject("p")).open();
        CallContext.Scope scope = carried.open()) {
      assertThat(CallContext.current().attribution()).isEqualTo(ANN);
    }
    CallContext none = CallContext.current();
    try (CallContext.Scope there = CallContext.of(BOB).open();
        CallContext.Scope scope = none.open()) {
      assertThat(user()).isNull();
    }
  }

  @Test
  void whatIsWrappedRunsInTheContextOfWhereItWasWrapped() throws Exception {
    Runnable run;
    Callable<String> call;
    Supplier<String> supply;
    String[] ran = new String[1];
    try (CallContext.Scope scope = CallContext.of(ANN).open()) {
      run =
          CallContext.wrap(
              () -> {
                ran[0] = user();
              });
      call = CallContext.wrap(CallContextTest::user);
      supply = CallContext.wrapSupplier(CallContextTest::user);
    }

    pool.submit(run).get();

    assertThat(ran[0]).isEqualTo("ann");
    assertThat(pool.submit(call).get()).isEqualTo("ann");
    assertThat(pool.submit(supply::get).get()).isEqualTo("ann");
    assertThat(pool.submit(CallContextTest::user).get()).isNull();
  }

  @Test
  void executorsCarryTheContextOfWhoeverHandsOver() throws Exception {
    ExecutorService carrying = CallContext.wrap(pool);
    Executor plain = CallContext.wrap((Executor) pool);
    String[] ran = new String[2];
    try (CallContext.Scope scope = CallContext.of(ANN).open()) {
      assertThat(carrying.submit(CallContextTest::user).get()).isEqualTo("ann");
      assertThat(carrying.submit(() -> ran[0] = user(), "done").get()).isEqualTo("done");
      plain.execute(() -> ran[1] = user());
      List<Callable<String>> one = List.of(CallContextTest::user);
      assertThat(carrying.invokeAll(one).get(0).get()).isEqualTo("ann");
      assertThat(carrying.invokeAny(one)).isEqualTo("ann");
    }
    assertThat(carrying.submit(CallContextTest::user).get()).isNull();
    assertThat(ran).containsExactly("ann", "ann");
    carrying.shutdown();
    assertThat(carrying.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(pool.isShutdown()).isTrue();
  }

  @Test
  void threadsInheritNothing() throws Exception {
    String[] seen = {"?"};
    try (CallContext.Scope scope = CallContext.of(ANN).open()) {
      Thread child = new Thread(() -> seen[0] = user());
      child.start();
      child.join();
    }
    assertThat(seen[0]).isNull();
  }

  /** Also a scope that is closed by another thread, while the pool's goes on living. */
  @Test
  void aThreadOfAPoolHoldsNothingThatWasClosed() throws Exception {
    Attribution[] big = {Attribution.NONE.withUser("u".repeat(200))};
    WeakReference<Attribution> held = new WeakReference<>(big[0]);
    CallContext.Scope scope = pool.submit(() -> CallContext.of(big[0]).open()).get();
    assertThat(pool.submit(CallContextTest::user).get()).hasSize(200);

    scope.close();
    big[0] = null;

    for (int i = 0; i < 100 && held.get() != null; i++) {
      System.gc();
    }
    assertThat(held.get()).isNull();
    assertThat(pool.submit(CallContextTest::user).get()).isNull();
  }

  @Test
  void aThreadThatOpensTheNextBeforeItClosesTheLastKeepsNoChain() {
    CallContext.Scope last = CallContext.of(ANN).open();
    WeakReference<CallContext.Scope> second = null;
    for (int i = 0; i < 1_000; i++) {
      CallContext.Scope next = CallContext.of(BOB).open();
      last.close();
      last = next;
      second = i == 0 ? new WeakReference<>(next) : second;
    }
    for (int i = 0; i < 100 && second.get() != null; i++) {
      System.gc();
    }

    assertThat(second.get()).isNull();
    assertThat(user()).isEqualTo("bob");
    last.close();
  }

  @Test
  void virtualThreadsHaveContextsOfTheirOwn() throws Exception {
    Method start = startVirtualThread();
    assumeThat(start).as("a JDK with virtual threads").isNotNull();
    String[] seen = new String[2];
    try (CallContext.Scope scope = CallContext.of(ANN).open()) {
      Runnable wrapped =
          CallContext.wrap(
              () -> {
                seen[0] = user();
              });
      ((Thread) start.invoke(null, wrapped)).join();
      Runnable plain = () -> seen[1] = String.valueOf(user());
      ((Thread) start.invoke(null, plain)).join();
    }
    assertThat(seen).containsExactly("ann", "null");
  }

  private static Method startVirtualThread() {
    try {
      return Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
