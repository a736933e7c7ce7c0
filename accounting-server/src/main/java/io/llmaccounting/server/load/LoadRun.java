package io.llmaccounting.server.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests for a while, and what became of them. On one event loop. */
final class LoadRun {
  /** How long is waited for answers once nothing more is sent. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx;
  private final Supplier<Future<Buffer>> sender;
  private final long time;
  private final long begun = System.nanoTime();
  private final Latencies times = new Latencies();
  private final Promise<Figures> done = Promise.promise();
  private long sent;
  private long failed;
  private @Nullable String failure;
  private boolean over;

  LoadRun(Vertx vertx, Supplier<Future<Buffer>> sender, Duration time) {
    this.vertx = vertx;
    this.sender = sender;
    this.time = time.toNanos();
    vertx.setTimer(time.plus(PATIENCE).toMillis(), late -> end());
  }

  /** From so many clients that wait for their answers. */
  Future<Figures> from(int clients) {
    for (int i = 0; i < clients; i++) {
      again();
    }
    return done.future();
  }

  private void again() {
    long start = System.nanoTime();
    if (over || start - begun >= time) {
      over = true;
      endIfAnswered();
      return;
    }
    sent++;
    sender
        .get()
        .onComplete(
            answer -> {
              took(start, answer.cause());
              again();
            });
  }

  /** So many a second, whether answers come or not. */
  Future<Figures> at(int perSecond) {
    long every = 1_000_000_000L / perSecond;
    vertx.setPeriodic(
        1,
        timer -> {
          long now = System.nanoTime();
          while (!over && now - begun >= sent * every) {
            due(begun + sent * every);
          }
          if (over) {
            vertx.cancelTimer(timer);
          }
        });
    return done.future();
  }

  /**
   * Its time counts from when it was to be sent, so that none is lost where one before was slow.
   */
  private void due(long due) {
    if (due - begun >= time) {
      over = true;
      endIfAnswered();
      return;
    }
    sent++;
    sender
        .get()
        .onComplete(
            answer -> {
              took(due, answer.cause());
              endIfAnswered();
            });
  }

  private void took(long since, @Nullable Throwable cause) {
    if (cause == null) {
      times.add(System.nanoTime() - since);
    } else {
      failed++;
      failure = String.valueOf(cause.getMessage());
    }
  }

  private void endIfAnswered() {
    if (over && times.count() + failed == sent) {
      end();
    }
  }

  private void end() {
    over = true;
    long unanswered = sent - times.count() - failed;
    String reason = unanswered == 0 ? failure : "no answer within " + PATIENCE.toSeconds() + " s";
    double seconds = (System.nanoTime() - begun) / 1e9;
    done.tryComplete(
        new Figures(
            times.count(),
            failed + unanswered,
            times.count() / seconds,
            times.percentile(50),
            times.percentile(99),
            reason));
  }
}
