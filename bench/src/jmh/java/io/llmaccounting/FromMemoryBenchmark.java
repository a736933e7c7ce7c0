package io.llmaccounting;

import io.github.bucket4j.Bucket;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What needs no database: a check that no limit watches, beside a bucket in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class FromMemoryBenchmark {
  private final Bucket bucket =
      Bucket.builder()
          .addLimit(
              limit -> limit.capacity(1L << 50).refillGreedy(1_000_000, Duration.ofSeconds(1)))
          .build();
  private final CallRequest request =
      CallRequest.to("gpt-5").user("alice").inputTokens(800).maxOutputTokens(500);
  private LlmAccounting accounting;

  @Setup
  public void open() {
    accounting = LlmAccounting.create(InMemoryBackend.create());
    accounting
        .limits()
        .save(Limit.named("bob").user("bob").requests(5).rolling(Duration.ofHours(1)));
  }

  @TearDown
  public void close() {
    accounting.close();
  }

  @Benchmark
  public Decision checkThatNoLimitWatches() {
    return accounting.quotas().check(request);
  }

  @Benchmark
  public boolean bucket4jTryConsume() {
    return bucket.tryConsume(1);
  }

  /** The whole way through core, its thread included, on a store in memory. */
  @Benchmark
  public Receipt trackInMemory() {
    return accounting
        .track()
        .provider("openai")
        .model("gpt-5")
        .user("alice")
        .project("search")
        .inputTokens(812)
        .outputTokens(64)
        .cost(Cost.ofNanos(1_000_000))
        .record();
  }
}
