package io.llmaccounting.internal.ledger;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.llmaccounting.backend.BackendException;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** What threads may see of each other in a {@link CommitQueue}. */
public final class CommitQueueStress {
  private CommitQueueStress() {}

  private static int joined(CommitQueue queue) {
    try {
      queue.join(new RememberOperation(List.of(), List.of()));
      return 1;
    } catch (BackendException closed) {
      return -1;
    }
  }

  /** Who joined before it was closed is served, and who did not is refused. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "-1, 0"},
      expect = ACCEPTABLE,
      desc = "served, or refused")
  @Outcome(expect = FORBIDDEN, desc = "in line for ever, or refused and served")
  @State
  public static class Closing {
    private final CommitQueue queue = new CommitQueue(System::nanoTime);

    /** Joins. */
    @Actor
    public void join(II_Result result) {
      result.r1 = joined(queue);
    }

    /** Closes it. */
    @Actor
    public void close() {
      queue.close();
    }

    /** Counts who is served. */
    @Arbiter
    public void count(II_Result result) {
      result.r2 = queue.take().size();
    }
  }

  /** One joins while somebody takes another: each is served once. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "2, 0"},
      expect = ACCEPTABLE,
      desc = "one after the other, or together")
  @Outcome(expect = FORBIDDEN, desc = "one is served twice, or never")
  @State
  public static class Taking {
    private final CommitQueue queue = new CommitQueue(System::nanoTime);

    /** One waits. */
    public Taking() {
      joined(queue);
    }

    /** Joins as well. */
    @Actor
    public void join() {
      joined(queue);
    }

    /** Takes. */
    @Actor
    public void take(II_Result result) {
      result.r1 = queue.take().size();
    }

    /** Takes the rest. */
    @Arbiter
    public void rest(II_Result result) {
      queue.close();
      result.r2 = queue.take().size();
    }
  }

  /** Who takes is woken by whoever comes first, and nobody who joins is passed over. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE,
      desc = "now or the next time")
  @Outcome(expect = FORBIDDEN, desc = "served twice, or never")
  @State
  public static class Waking {
    private final CommitQueue queue = new CommitQueue(System::nanoTime);

    /** Wakes it, and joins. */
    @Actor
    public void join() {
      queue.wake();
      joined(queue);
    }

    /** Waits and takes. */
    @Actor
    public void take(II_Result result) {
      result.r1 = queue.take().size();
    }

    /** Takes the rest. */
    @Arbiter
    public void rest(II_Result result) {
      queue.close();
      result.r2 = queue.take().size();
    }
  }

  /** Who gives up leaves the queue or is served, never both. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = ACCEPTABLE,
      desc = "removed or served")
  @Outcome(expect = FORBIDDEN, desc = "both, or still in line")
  @State
  public static class Leaving {
    private final CommitQueue queue = new CommitQueue(System::nanoTime);

    /** One waits, and none may follow. */
    public Leaving() {
      joined(queue);
      queue.close();
    }

    /** Takes it out. */
    @Actor
    public void remove(III_Result result) {
      result.r1 = queue.remove(one -> true).size();
    }

    /** Takes it. */
    @Actor
    public void take(III_Result result) {
      result.r2 = queue.take().size();
    }

    /** Counts who is left. */
    @Arbiter
    public void count(III_Result result) {
      result.r3 = queue.take().size();
    }
  }
}
