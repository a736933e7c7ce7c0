package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DeadLetter;
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
import java.util.function.Supplier;

/**
 * A spool whose failures say that they come from the spool, so that none is taken for a failure of
 * the store.
 */
public record OwnSpool(Spool real) implements Spool {
  private static <T> T own(Supplier<T> work) {
    try {
      return work.get();
    } catch (BackendException e) {
      throw e.of(BackendException.Origin.SPOOL);
    }
  }

  private static void run(Runnable work) {
    boolean unused =
        own(
            () -> {
              work.run();
              return true;
            });
  }

  @Override
  public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    run(() -> real.append(calls, opened));
  }

  @Override
  public List<SpoolEntry> read(long after, int count) {
    return own(() -> real.read(after, count));
  }

  @Override
  public void remove(Set<Long> positions) {
    run(() -> real.remove(positions));
  }

  @Override
  public DeadLetters deadLetters() {
    return new OwnDeadLetters(own(real::deadLetters));
  }

  @Override
  public OpenAmounts openAmounts() {
    return new OwnAmounts(own(real::openAmounts));
  }

  @Override
  public SpoolState state() {
    return own(real::state);
  }

  @Override
  public void close() {
    run(real::close);
  }

  private record OwnDeadLetters(DeadLetters real) implements DeadLetters {
    @Override
    public boolean bury(long position, String reason) {
      return own(() -> real.bury(position, reason));
    }

    @Override
    public List<DeadLetter> list(long after, int count) {
      return own(() -> real.list(after, count));
    }

    @Override
    public boolean restore(long position) {
      return own(() -> real.restore(position));
    }

    @Override
    public boolean discard(long position) {
      return own(() -> real.discard(position));
    }
  }

  private record OwnAmounts(OpenAmounts real) implements OpenAmounts {
    @Override
    public Map<OpenLimit, Long> sums() {
      return own(real::sums);
    }

    @Override
    public boolean complete() {
      return own(real::complete);
    }

    @Override
    public void reset(Map<OpenLimit, Long> rest) {
      run(() -> real.reset(rest));
    }
  }
}
