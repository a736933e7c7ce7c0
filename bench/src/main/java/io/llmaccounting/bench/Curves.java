package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Curve.Point;
import io.llmaccounting.bench.Curve.Series;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How cost grows: with threads, history, limits, subjects and processes. */
final class Curves {
  private static final List<Integer> THREADS = List.of(1, 2, 4, 8, 16, 32, 64);
  private static final List<Integer> PROCESSES = List.of(1, 2, 4);
  private static final String PAIRS = "reserve + settle a second";

  private final Bench bench;
  private final double seconds;

  Curves(Bench bench) {
    this.bench = bench;
    this.seconds = bench.scale().seconds() / 2;
  }

  List<Curve> all() throws Exception {
    return List.of(
        curve("threads", "Threads of one process", "threads", this::threads),
        curve("history", "Records made before", "records", this::history),
        curve("limits", "Limits defined, 4 of which watch", "limits", this::limits),
        curve("subjects", "Users, each with a counter of their own", "users", this::subjects),
        curve("processes", "Processes that share a database", "processes", this::processes));
  }

  private interface Line {
    List<Point> points(Store store) throws Exception;
  }

  private Curve curve(String name, String title, String across, Line line) throws Exception {
    List<Series> series = new ArrayList<>();
    for (Store store : bench.stores()) {
      series.add(new Series(store.name(), line.points(store)));
    }
    return new Curve(name, title, across, PAIRS, series);
  }

  private List<Point> threads(Store store) throws Exception {
    List<Point> points = new ArrayList<>();
    try (Store.Place place = store.fresh();
        LlmAccounting accounting = LlmAccounting.create(place.open())) {
      QuotaBenchmark.four().forEach(accounting.limits()::save);
      for (int threads : THREADS) {
        points.add(new Point(threads, pairs(accounting, threads)));
      }
    }
    return points;
  }

  private List<Point> history(Store store) throws Exception {
    List<Point> points = new ArrayList<>();
    for (int records = 1_000; records <= bench.scale().history(); records *= 10) {
      try (Store.Place place = HistoryBenchmark.filled(bench, store, records);
          LlmAccounting accounting = LlmAccounting.create(place.open())) {
        QuotaBenchmark.four().forEach(accounting.limits()::save);
        points.add(new Point(records, pairs(accounting, bench.scale().threads())));
      }
    }
    return points;
  }

  private List<Point> limits(Store store) throws Exception {
    List<Point> points = new ArrayList<>();
    for (int limits = 10; limits <= bench.scale().limits(); limits *= 10) {
      try (Store.Place place = store.fresh();
          LlmAccounting accounting =
              LlmAccounting.create(LimitsBenchmark.with(place.open(), limits - 4))) {
        QuotaBenchmark.four().forEach(accounting.limits()::save);
        points.add(new Point(limits, pairs(accounting, bench.scale().threads())));
      }
    }
    return points;
  }

  private List<Point> subjects(Store store) throws Exception {
    List<Point> points = new ArrayList<>();
    for (int users = 1; users <= 10_000; users *= 10) {
      int among = users;
      try (Store.Place place = store.fresh();
          LlmAccounting accounting = LlmAccounting.create(place.open())) {
        accounting
            .limits()
            .save(
                Limit.named("each user")
                    .eachUser()
                    .requests(1L << 40)
                    .rolling(Duration.ofHours(1)));
        Calls[] calls = bench.calls(bench.scale().threads());
        Measured run =
            new Load(bench.scale().threads(), seconds, Probe.NONE)
                .run(
                    (thread, number) ->
                        QuotaBenchmark.pair(
                            accounting,
                            Calls.byUser(
                                calls[thread].next(bench.now()), (31 * number + thread) % among)));
        points.add(new Point(users, run.perSecond()));
      }
    }
    return points;
  }

  private double pairs(LlmAccounting accounting, int threads) throws Exception {
    Calls[] calls = bench.calls(threads);
    return new Load(threads, seconds, Probe.NONE)
        .run((thread, number) -> QuotaBenchmark.pair(accounting, calls[thread].next(bench.now())))
        .perSecond();
  }

  private List<Point> processes(Store store) throws Exception {
    List<Point> points = new ArrayList<>();
    for (int processes : PROCESSES) {
      try (Store.Place place = store.fresh()) {
        try (LlmAccounting accounting = LlmAccounting.create(place.open())) {
          QuotaBenchmark.four().forEach(accounting.limits()::save);
        }
        List<BenchProcess> children = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
          children.add(
              BenchProcess.start(
                  PairsProgram.class, place.address(), 256, Double.toString(seconds)));
        }
        double sum = 0;
        for (BenchProcess child : children) {
          sum += Double.parseDouble(child.output().lines().reduce((a, b) -> b).orElse("0"));
        }
        points.add(new Point(processes, sum));
      }
    }
    return points;
  }
}
