package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.threadchecker.BlockedThreadEvent;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Event loops of a test that must never wait for anything. */
public final class WatchedLoops {
  private final List<Throwable> blocked = new CopyOnWriteArrayList<>();
  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setBlockedThreadCheckInterval(100)
              .setMaxEventLoopExecuteTime(1)
              .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
  private volatile boolean watched;

  public WatchedLoops() {
    ((VertxInternal) vertx).blockedThreadChecker().setThreadBlockedHandler(this::seen);
  }

  public Vertx vertx() {
    return vertx;
  }

  /** From now on it counts if one waits. */
  public void watch() {
    watched = true;
  }

  /** From now on it no longer counts. */
  public void leave() {
    watched = false;
  }

  public void noneHasWaited() {
    assertThat(blocked).isEmpty();
  }

  private void seen(BlockedThreadEvent event) {
    ThreadInfo thread =
        ManagementFactory.getThreadMXBean()
            .getThreadInfo(event.thread().getId(), Integer.MAX_VALUE);
    if (watched && thread != null && waits(thread)) {
      Throwable where = new AssertionError("an event loop was blocked");
      where.setStackTrace(thread.getStackTrace());
      blocked.add(where);
    }
  }

  /**
   * One that works for long, or loads classes, is slow, on a busy machine; one that waits is not.
   */
  private static boolean waits(ThreadInfo thread) {
    boolean loadsClasses =
        Stream.of(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().endsWith("ClassLoader"));
    return thread.getThreadName().contains("eventloop")
        && thread.getThreadState() != Thread.State.RUNNABLE
        && !loadsClasses;
  }
}
