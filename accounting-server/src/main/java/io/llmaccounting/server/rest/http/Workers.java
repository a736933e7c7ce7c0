package io.llmaccounting.server.rest.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does what blocks on a few threads of its own. Where too much waits already, more is refused, so
 * that nobody waits for long in vain. Safe for use by many threads.
 */
public final class Workers {
  private static final long LONGEST_MINUTES = 60;
  private static final int WAITING_EACH = 16;

  private final WorkerExecutor threads;
  private final int most;
  private final AtomicInteger here = new AtomicInteger();

  /** Starts so many threads at most. */
  public Workers(Vertx vertx, String name, int count) {
    this.threads = vertx.createSharedWorkerExecutor(name, count, LONGEST_MINUTES, TimeUnit.MINUTES);
    this.most = count * (1 + WAITING_EACH);
  }

  /** Does this on one of the threads; the stage is completed where it was asked. */
  public <T> Future<T> work(Callable<T> what) {
    if (here.incrementAndGet() > most) {
      here.decrementAndGet();
      return Future.failedFuture(
          new ProblemException(
              Problem.of(Problem.Code.UNAVAILABLE, "too many requests wait already")
                  .retryAfter(Duration.ofSeconds(1))));
    }
    return threads.executeBlocking(what, false).onComplete(done -> here.decrementAndGet());
  }

  /** Does more of what was begun: it waits for its turn, and is never refused. */
  public <T> Future<T> goOn(Callable<T> what) {
    return threads.executeBlocking(what, false);
  }

  /** Answers on one of the threads. */
  public Handler blocking(Blocking handler) {
    return asked -> stage(asked, handler);
  }

  private CompletionStage<Answer> stage(Asked asked, Blocking handler) {
    return work(() -> handler.answer(asked)).toCompletionStage();
  }

  /** Answers requests of one operation, and may wait meanwhile. */
  @FunctionalInterface
  public interface Blocking {
    /** The answer. */
    Answer answer(Asked asked) throws Exception;
  }
}
