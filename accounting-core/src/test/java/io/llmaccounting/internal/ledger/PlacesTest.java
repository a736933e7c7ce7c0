package io.llmaccounting.internal.ledger;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.SpreadLedger;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.Usage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What touches one place only does not wait for what touches another. */
class PlacesTest {
  private static final Map<String, Integer> PLACES = Map.of("here", 1, "there", 2);

  private final Queue<Integer> sent = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Runnable> onceAtHome = new AtomicReference<>(() -> {});
  private final AtomicReference<Runnable> onceHere = new AtomicReference<>(() -> {});
  private volatile Runnable atPlaces = () -> {};
  private volatile int refuses;
  private final RunningLedger running = new RunningLedger(this::spread);

  private Ledger spread(Ledger memory) {
    return (Ledger)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SpreadLedger.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "placeOf" -> {
                  return arguments[0] == null ? 0 : PLACES.getOrDefault(arguments[0], 0);
                }
                case "transactAt" -> {
                  transactAt(
                      memory,
                      (int) arguments[0],
                      (LedgerBatch) arguments[1],
                      (Decider) arguments[2]);
                  return null;
                }
                default -> {
                  return atHome(memory, method, arguments);
                }
              }
            });
  }

  private @Nullable Object atHome(Ledger memory, Method method, Object[] arguments)
      throws Throwable {
    if (method.getName().equals("transact")) {
      sent.add(0);
      onceAtHome.getAndSet(() -> {}).run();
    }
    try {
      return method.invoke(memory, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void transactAt(Ledger memory, int place, LedgerBatch batch, Decider decider) {
    assertThat(batch.counters()).isEmpty();
    assertThat(batch.holdsTaken()).isEmpty();
    sent.add(place);
    atPlaces.run();
    if (place == refuses) {
      throw new BackendException(BackendException.Kind.REJECTED, "never");
    }
    if (place == 1) {
      onceHere.getAndSet(() -> {}).run();
    }
    memory.transact(batch, decider);
  }

  @AfterEach
  void close() {
    running.close();
  }

  private static RecordOperation records(Usage... usages) {
    List<PendingRecord> records = new ArrayList<>();
    for (Usage usage : usages) {
      records.add(new PendingRecord(usage, Given.ALL, false));
    }
    return new RecordOperation(records, OldUsage.REFUSE, false);
  }

  private static RecordOperation in(String project) {
    return records(aCall().in(project).usage());
  }

  // the ledger's thread is held up with the first of them until all others wait
  private List<CompletableFuture<?>> together(List<Operation<?>> operations) throws Exception {
    CountDownLatch isHeldUp = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    onceAtHome.set(
        () -> {
          isHeldUp.countDown();
          await(goesOn);
        });
    List<CompletableFuture<?>> told = new ArrayList<>();
    told.add(running.commits.submit(new ReleaseOperation(new UUID(0, 1))));
    await(isHeldUp);
    sent.clear();
    operations.forEach(operation -> told.add(running.commits.submit(operation)));
    goesOn.countDown();
    return told;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(List<CompletableFuture<?>> told) throws Exception {
    for (CompletableFuture<?> one : told) {
      assertThat(one.get(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void placesAreBookedAtTheSameTime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    atPlaces =
        () -> {
          try {
            int unused = both.await(20, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };

    await(together(List.of(in("here"), in("there"), in("here"), in("there"))));

    assertThat(sent).containsExactlyInAnyOrder(1, 2);
    assertThat(running.stored()).hasSize(4);
  }

  @Test
  void whatIsInSeveralPlacesOrNeedsHoldsIsBookedAtHome() throws Exception {
    Usage held = aCall().in("here").usage();
    RecordOperation settles =
        new RecordOperation(
            List.of(new PendingRecord(held, Given.ALL, true)), OldUsage.REFUSE, false);
    RecordOperation spread = records(aCall().in("here").usage(), aCall().in("there").usage());

    await(together(List.of(settles, spread, in("elsewhere"))));

    assertThat(sent).containsExactly(0);
    assertThat(running.stored()).hasSize(4);
  }

  @Test
  void whatLimitsWatchIsBookedAtHome() throws Exception {
    running
        .backend
        .limits()
        .save(Limit.named("here").project("here").requests(10).lifetime(), LimitSeed.SEED);

    await(together(List.of(in("here"), in("there"), in("here"), in("there"))));

    assertThat(sent).contains(0, 2).doesNotContain(1);
    assertThat(running.stored()).hasSize(4);
  }

  @Test
  void placesWithLittleToDoAreBookedTogether() throws Exception {
    await(together(List.of(in("here"), in("there"))));

    assertThat(sent).containsExactly(0);
    assertThat(running.stored()).hasSize(2);
  }

  @Test
  void oneAloneIsBookedAtItsPlace() throws Exception {
    running.commits.book(in("there"));

    assertThat(sent).containsExactly(2);
  }

  @Test
  void aPlaceThatFailsIsTriedAgainByItself() throws Exception {
    onceHere.set(
        () -> {
          throw new BackendException(BackendException.Kind.BUSY, "not now");
        });

    await(together(List.of(in("here"), in("there"), in("here"), in("there"))));

    assertThat(sent.stream().filter(place -> place == 2)).hasSize(1);
    assertThat(running.stored()).hasSize(4);
  }

  @Test
  void whatIsRefusedAtOnePlaceIsBookedAtOthers() throws Exception {
    refuses = 1;

    List<CompletableFuture<?>> told =
        together(List.of(in("here"), in("there"), in("here"), in("there")));

    assertThat(told.get(2).get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(told.get(1)).failsWithin(Duration.ofSeconds(20));
    assertThat(told.get(4).get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(told.get(3)).failsWithin(Duration.ofSeconds(20));
    assertThat(running.stored()).hasSize(2);
  }
}
