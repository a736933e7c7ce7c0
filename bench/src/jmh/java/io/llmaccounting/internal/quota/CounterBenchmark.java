package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterState;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a counter costs by how much lies in its window: reading it, deciding, writing it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CounterBenchmark {
  private static final long NOW = 1_800_000_000_000_000L;

  @Param({"1", "60", "120"})
  int cells;

  private final Limit limit = Limit.named("a").totalTokens(1L << 40).rolling(Duration.ofHours(1));
  private CounterState state;
  private Counter counter;

  @Setup
  public void fill() {
    Counter filled = Counter.of(limit, CounterState.EMPTY);
    filled.advance(NOW);
    for (int i = 0; i < cells; i++) {
      filled.charge(NOW - i * 30_000_000L, 1_000);
    }
    state = filled.toState();
    counter = Counter.of(limit, state);
  }

  @Benchmark
  public boolean decides() {
    counter.advance(NOW);
    return counter.fits(500);
  }

  @Benchmark
  public CounterState readsChargesAndWrites() {
    Counter read = Counter.of(limit, state);
    read.advance(NOW);
    read.charge(NOW, 500);
    return read.toState();
  }
}
