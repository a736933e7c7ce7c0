package io.llmaccounting.acceptance;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DeadLetters;
import io.llmaccounting.backend.OpenAmounts;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Any spool, made to fail as a test says. */
final class BreakableSpool implements Spool {
  private final Spool real;
  private volatile boolean down;
  private volatile boolean forgetful;

  BreakableSpool(Spool real) {
    this.real = real;
  }

  void breakDown() {
    down = true;
  }

  void recover() {
    down = false;
  }

  /** Loses what limits let through, as damage does, until the amounts are reset. */
  void loseOpenAmounts() {
    forgetful = true;
  }

  private Spool whileUp() {
    if (down) {
      throw new BackendException(
          BackendException.Kind.UNAVAILABLE, "the spool is down, as the test asked");
    }
    return real;
  }

  @Override
  public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    whileUp().append(calls, opened);
  }

  @Override
  public List<SpoolEntry> read(long after, int count) {
    return whileUp().read(after, count);
  }

  @Override
  public void remove(Set<Long> positions) {
    whileUp().remove(positions);
  }

  @Override
  public DeadLetters deadLetters() {
    return whileUp().deadLetters();
  }

  @Override
  public OpenAmounts openAmounts() {
    return forgetful ? new Lost(whileUp().openAmounts()) : whileUp().openAmounts();
  }

  @Override
  public SpoolState state() {
    return whileUp().state();
  }

  @Override
  public void close() {
    real.close();
  }

  private final class Lost implements OpenAmounts {
    private final OpenAmounts amounts;

    Lost(OpenAmounts amounts) {
      this.amounts = amounts;
    }

    @Override
    public Map<OpenLimit, Long> sums() {
      return Map.of();
    }

    @Override
    public boolean complete() {
      return false;
    }

    @Override
    public void reset() {
      amounts.reset();
      forgetful = false;
    }
  }
}
