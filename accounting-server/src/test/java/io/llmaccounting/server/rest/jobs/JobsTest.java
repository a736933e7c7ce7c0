package io.llmaccounting.server.rest.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.server.rest.http.ProblemException;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs under way. */
class JobsTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final Jobs jobs = new Jobs(vertx);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private JobState start(JobWork work) {
    return jobs.start("verify", () -> NOW, work);
  }

  private JobState ended(UUID id) {
    JobState state = jobs.find(id).state();
    while (!state.hasEnded()) {
      Thread.onSpinWait();
      state = jobs.find(id).state();
    }
    return state;
  }

  private JobResult inTwoSteps(Job job) throws InterruptedException {
    job.step("first");
    begun.countDown();
    goOn.await();
    job.step("second");
    return new JobResult(true, to -> {});
  }

  private void awaitBegun() throws InterruptedException {
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oneIsUnderWayAtATime() throws Exception {
    JobState first = start(this::inTwoSteps);
    awaitBegun();
    assertThat(jobs.find(first.id()).state().step()).isEqualTo("first");
    assertThatThrownBy(() -> start(job -> new JobResult(true, to -> {})))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(first.id() + " (verify) is under way");
    goOn.countDown();
    assertThat(ended(first.id()).word()).isEqualTo(JobState.Word.DONE);
    JobState second = start(job -> new JobResult(true, to -> {}));
    assertThat(ended(second.id()).word()).isEqualTo(JobState.Word.DONE);
    assertThat(jobs.list()).extracting(JobState::id).containsExactly(second.id(), first.id());
  }

  @Test
  void isStoppedBeforeItsNextStep() throws Exception {
    JobState first = start(this::inTwoSteps);
    awaitBegun();
    jobs.find(first.id()).stop();
    assertThat(jobs.find(first.id()).state().word()).isEqualTo(JobState.Word.STOPPING);
    goOn.countDown();
    assertThat(ended(first.id()))
        .extracting(JobState::word, JobState::step)
        .containsExactly(JobState.Word.STOPPED, "first");
    jobs.find(first.id()).stop();
    assertThat(jobs.find(first.id()).state().word()).isEqualTo(JobState.Word.STOPPED);
  }

  @Test
  void whatEndsByAnInterruptSaysWhetherItHasFinished() throws Exception {
    JobState first =
        start(
            job ->
                new JobResult(
                    job.interruptibly(
                        () -> {
                          begun.countDown();
                          try {
                            goOn.await();
                            return true;
                          } catch (InterruptedException e) {
                            return false;
                          }
                        }),
                    to -> {}));
    awaitBegun();
    jobs.find(first.id()).stop();
    assertThat(ended(first.id()).word()).isEqualTo(JobState.Word.STOPPED);
  }

  @Test
  void whatFailsSaysWhy() {
    JobState first =
        start(
            job -> {
              throw new IllegalStateException("the user has 1 open hold");
            });
    JobState ended = ended(first.id());
    assertThat(ended.word()).isEqualTo(JobState.Word.FAILED);
    assertThat(ended.problem()).isNotNull();
    assertThat(ended.problem().detail()).isEqualTo("the user has 1 open hold");
  }
}
