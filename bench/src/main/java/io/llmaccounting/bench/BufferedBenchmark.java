package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.TrackedCall;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What buffered recording takes of its caller's time and of the heap, beside handing an object to a
 * queue of the JDK. One thread, in bursts that the buffer has room for: who records without pause
 * waits for the disk in the end, whatever is in between.
 */
final class BufferedBenchmark implements Benchmark {
  private static final int BURST = 20_000;
  private static final int MOST = 100_000_000;
  private static final Target MICROSECOND = new Target(false, 1, "µs, median");
  private static final Target BYTES = new Target(false, 800, "bytes");

  @Override
  public String name() {
    return "buffered";
  }

  @Override
  public List<Comparison> run(Bench bench) throws Exception {
    List<Comparison> rows = new ArrayList<>();
    rows.addAll(run(bench, "its cost given", Pricing.NONE, Cost.ofNanos(331_000)));
    rows.addAll(run(bench, "priced by the bundled table", PriceCatalog.bundled(), null));
    return rows;
  }

  private static List<Comparison> run(Bench bench, String how, Pricing pricing, @Nullable Cost cost)
      throws Exception {
    try (Store.Place place = bench.stores().get(0).fresh();
        LlmAccounting accounting =
            LlmAccounting.builder(place.open())
                .buffered(Buffering.DEFAULTS.mostBytes(MOST))
                .pricing(pricing)
                .timeout(Duration.ofMinutes(1))
                .build()) {
      LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
      Bursts bursts = new Bursts(1, bench.scale().seconds(), BURST);
      Comparison time =
          Comparison.alternating(
              new Names(
                  "buffered track, %s: its caller's time".formatted(how),
                  "track()...record(), buffered",
                  "LinkedBlockingQueue.offer",
                  "bursts of %,d that the buffer has room for".formatted(BURST)),
              MICROSECOND,
              bench.scale().rounds(),
              () -> bursts.run(() -> track(accounting, cost), accounting::flush),
              () -> bursts.run(() -> queue.add(queue), queue::clear));
      return List.of(
          time.withValue(time.ours().p50() / 1e3),
          new Comparison(
              "buffered track, %s: allocated".formatted(how),
              time.subject(),
              time.baseline(),
              BYTES,
              time.ours().bytes(),
              time.ours(),
              time.theirs(),
              time.note()));
    }
  }

  private static void track(LlmAccounting accounting, @Nullable Cost cost) {
    TrackedCall call =
        accounting
            .track()
            .provider("openai")
            .model("gpt-5-mini")
            .user("alice")
            .project("search")
            .inputTokens(812)
            .outputTokens(64);
    (cost == null ? call : call.cost(cost)).record();
  }
}
