package io.llmaccounting.testkit.contract;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The simplest counter there is: a number in eight bytes. */
final class Counts {
  private Counts() {}

  static CounterState of(long count) {
    return new CounterState(count, ByteBuffer.allocate(Long.BYTES).putLong(count).array());
  }

  static long in(@Nullable CounterState state) {
    return state == null || state.cells().length == 0
        ? 0
        : ByteBuffer.wrap(state.cells()).getLong();
  }

  /** Adds one to each counter that was locked. */
  static Function<LedgerView, LedgerWrites> addOne() {
    return view -> {
      Map<CounterKey, CounterState> more = new HashMap<>();
      view.counters().forEach((key, state) -> more.put(key, of(in(state) + 1)));
      return new LedgerWrites(more, List.of(), List.of(), List.of());
    };
  }
}
