package io.llmaccounting.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosingLockTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch answers = new CountDownLatch(1);
  private final CountDownLatch last = new CountDownLatch(1);

  // whose dialect nobody asks, because nothing is thrown
  private static ClosingLock patient(Duration patience) {
    return new ClosingLock("the store", null, patience);
  }

  private FutureTask<Boolean> hanging(ClosingLock lock) throws InterruptedException {
    FutureTask<Boolean> work =
        new FutureTask<>(
            () ->
                lock.pass(
                    () -> {
                      begun.countDown();
                      await(answers);
                      return last.getCount() == 0;
                    }));
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    return work;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aDatabaseThatDoesNotAnswerHoldsUpNoCloseAndIsClosedOnceItDoes() throws Exception {
    ClosingLock lock = patient(Duration.ofMillis(1));
    FutureTask<Boolean> work = hanging(lock);

    lock.close(last::countDown);

    assertThat(last.getCount()).isEqualTo(1);
    assertThatThrownBy(() -> lock.pass(() -> true))
        .isInstanceOfSatisfying(
            BackendException.class,
            closed -> assertThat(closed.kind()).isEqualTo(BackendException.Kind.CLOSED));
    answers.countDown();
    assertThat(work.get(20, TimeUnit.SECONDS)).as("closed under its feet").isFalse();
    assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closingWaitsForWorkThatIsUnderWay() throws Exception {
    ClosingLock lock = patient(Duration.ofSeconds(20));
    FutureTask<Boolean> work = hanging(lock);
    Thread closing = new Thread(() -> lock.close(last::countDown));
    closing.start();
    while (closing.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    answers.countDown();

    assertThat(work.get(20, TimeUnit.SECONDS)).as("closed under its feet").isFalse();
    closing.join();
    assertThat(last.getCount()).isZero();
  }

  @Test
  void closingAgainDoesNothing() {
    ClosingLock lock = patient(Duration.ofSeconds(20));
    lock.close(last::countDown);

    lock.close(() -> assertThat(false).as("closed again").isTrue());

    assertThat(last.getCount()).isZero();
  }
}
