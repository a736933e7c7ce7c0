package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.LimitIndex;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** An operation that holds up the ledger's thread until it is lifted. */
public final class Blockade extends Operation<Boolean> {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch lifted = new CountDownLatch(1);

  /** Blocks the thread of {@code commits}; returns once it does. */
  public static Blockade of(GroupCommit commits) throws InterruptedException {
    Blockade blockade = new Blockade();
    CompletableFuture<Boolean> unused = commits.submit(blockade);
    blockade.begun.await();
    return blockade;
  }

  /** Lets the thread go on. */
  public void lift() {
    lifted.countDown();
  }

  @Override
  void claims(Consumer<Object> claim) {}

  @Override
  void match(LimitIndex limits) {
    begun.countDown();
    try {
      lifted.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  void need(Needs needs) {}

  @Override
  Boolean decide(LedgerTransaction transaction) {
    return true;
  }
}
