package io.llmaccounting.internal.recording;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** What threads may see of each other in a {@link UsageBuffer}. */
public final class UsageBufferStress {
  private static final Usage CALL =
      Usage.of("m", Instant.EPOCH).tokens(TokenUsage.of(1, 1)).build();
  private static final Duration NEVER = Duration.ofMinutes(1);

  private UsageBufferStress() {}

  private static UsageBuffer buffer(int room, int flushRecords) {
    return new UsageBuffer(
        Buffering.DEFAULTS.mostRecords(room).flushAt(flushRecords, NEVER), Ticker.SYSTEM);
  }

  private static PendingRecord entry() {
    return new PendingRecord(CALL, Given.ALL, false);
  }

  private static int offered(UsageBuffer buffer) {
    try {
      return buffer.offer(entry()) ? 1 : 0;
    } catch (BackendException closed) {
      return -1;
    }
  }

  /** There is room for one: of two records, one is accepted. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 1", "0, 1, 1"},
      expect = ACCEPTABLE,
      desc = "one of them")
  @Outcome(expect = FORBIDDEN, desc = "none, both, or one that is not there")
  @State
  public static class LastRoom {
    private final UsageBuffer buffer = buffer(1, 1);

    /** Offers one. */
    @Actor
    public void one(III_Result result) {
      result.r1 = offered(buffer);
    }

    /** Offers another. */
    @Actor
    public void other(III_Result result) {
      result.r2 = offered(buffer);
    }

    /** Counts what is there. */
    @Arbiter
    public void count(III_Result result) {
      result.r3 = buffer.drain().size();
    }
  }

  /** What was accepted before it was closed is there, and what was not is refused. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "-1, 0"},
      expect = ACCEPTABLE,
      desc = "accepted and there, or refused")
  @Outcome(expect = FORBIDDEN, desc = "accepted and lost, or refused and there")
  @State
  public static class Closing {
    private final UsageBuffer buffer = buffer(8, 8);

    /** Offers one. */
    @Actor
    public void offer(II_Result result) {
      result.r1 = offered(buffer);
    }

    /** Closes it. */
    @Actor
    public void close() {
      buffer.close();
    }

    /** Counts what is there. */
    @Arbiter
    public void count(II_Result result) {
      result.r2 = buffer.take().size();
    }
  }

  /** The flusher takes while another gives the rest up: whoever is second has them all, once. */
  @JCStressTest
  @Outcome(id = "2, 2, 0", expect = ACCEPTABLE, desc = "taken, then given up as not done")
  @Outcome(id = "0, 2, 0", expect = ACCEPTABLE, desc = "given up before they were taken")
  @Outcome(expect = FORBIDDEN, desc = "somebody's record is nobody's")
  @State
  public static class GivingUp {
    private final UsageBuffer buffer = buffer(8, 2);

    /** Two wait. */
    public GivingUp() {
      offered(buffer);
      offered(buffer);
      buffer.close();
    }

    /** Takes what waits. */
    @Actor
    public void take(III_Result result) {
      result.r1 = buffer.take().size();
    }

    /** Gives up what is not done. */
    @Actor
    public void drain(III_Result result) {
      result.r2 = buffer.drain().size();
    }

    /** Counts what is left. */
    @Arbiter
    public void count(III_Result result) {
      result.r3 = buffer.take().size();
    }
  }

  /** Room that is freed is room for the next, once. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 0"},
      expect = ACCEPTABLE,
      desc = "before or after it was freed")
  @Outcome(expect = FORBIDDEN, desc = "room is lost, or given twice")
  @State
  public static class Freeing {
    private final UsageBuffer buffer = buffer(1, 1);

    /** One is taken. */
    public Freeing() {
      offered(buffer);
      buffer.take();
    }

    /** It is done. */
    @Actor
    public void done() {
      buffer.done(1);
    }

    /** Another is offered. */
    @Actor
    public void offer(II_Result result) {
      result.r1 = offered(buffer);
    }

    /** Counts what takes room. */
    @Arbiter
    public void count(II_Result result) {
      result.r2 = (int) buffer.fill().records();
    }
  }
}
