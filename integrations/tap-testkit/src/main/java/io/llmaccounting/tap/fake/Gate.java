package io.llmaccounting.tap.fake;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where an answer waits until the test lets it pass. Safe for use by many threads. */
public final class Gate {
  private static final long PATIENCE = 30;

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  /** Lets the answer pass, now or when it comes here. */
  public void open() {
    opened.countDown();
  }

  /**
   * Waits until an answer has come here.
   *
   * @throws AssertionError if none does within half a minute
   */
  public void awaitReached() throws InterruptedException {
    if (!reached.await(PATIENCE, TimeUnit.SECONDS)) {
      throw new AssertionError("no answer has come to the gate");
    }
  }

  void pass() throws InterruptedException {
    reached.countDown();
    boolean unused = opened.await(PATIENCE, TimeUnit.SECONDS);
  }
}
