package io.llmaccounting.server.gateway;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches how long an answer is silent, and how long it takes altogether. One timer looks now and
 * then, so that a piece that comes costs nothing. On one event loop.
 */
final class Silence {
  private final Vertx vertx;
  private final Duration idle;
  private final Duration total;
  private final @Nullable Duration reassuring;
  private final long begun = System.nanoTime();
  private long heard = begun;
  private long reassured = begun;
  private long timer = -1;

  Silence(Vertx vertx, Duration idle, Duration total, @Nullable Duration reassuring) {
    this.vertx = vertx;
    this.idle = idle;
    this.total = total;
    this.reassuring = reassuring;
  }

  /**
   * Begins to watch.
   *
   * @param tooLong is told, once, in words what took too long
   * @param reassure is called each time that the silence has lasted as long as clients stand
   */
  void watch(Consumer<String> tooLong, Runnable reassure) {
    Duration step = reassuring == null || idle.compareTo(reassuring) < 0 ? idle : reassuring;
    long every = Math.max(1, Math.min(step.toMillis() / 2, 1_000));
    timer =
        vertx.setPeriodic(
            every,
            fired -> {
              long now = System.nanoTime();
              if (now - begun > total.toNanos()) {
                end();
                tooLong.accept("longer than " + total + " in all");
              } else if (now - heard > idle.toNanos()) {
                end();
                tooLong.accept("silent for " + idle);
              } else if (reassuring != null
                  && now - Math.max(heard, reassured) > reassuring.toNanos()) {
                reassured = now;
                reassure.run();
              }
            });
  }

  /** Something came. */
  void broken() {
    heard = System.nanoTime();
  }

  /** Watches no longer; can be repeated. */
  void end() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }
}
