package io.llmaccounting.cli.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

public class DevMain {
  public static void main(String[] args) throws Exception {
    List<Store> stores = new ArrayList<>();
    String which = System.getProperty("stores", "sp");
    Path folder =
        Files.createDirectories(Path.of(System.getProperty("folder", "/tmp/wt/tmp-bench/db")));
    if (which.contains("s")) stores.add(new SqliteStore(folder));
    if (which.contains("p"))
      stores.add(
          new PostgresStore(
              System.getProperty("db", "jdbc:postgresql://127.0.0.1:5599/postgres"),
              "postgres",
              "postgres"));
    Scale full = Scale.FULL;
    Scale scale =
        Boolean.getBoolean("quick")
            ? Scale.QUICK
            : new Scale(
                Double.parseDouble(System.getProperty("seconds", "2")),
                Integer.getInteger("rounds", 3),
                Integer.getInteger("threads", 16),
                Integer.getInteger("bulk", 100_000),
                Integer.getInteger("history", 200_000),
                Integer.getInteger("archive", 500_000),
                Integer.getInteger("limits", 2_000));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    try (Benchmarks all = new Benchmarks()) {
      for (Benchmark one : all.named(Arrays.asList(args))) {
        long t = System.nanoTime();
        for (Comparison row : one.run(new Bench(stores, scale, InstantSource.system())))
          new ResultTable(out).print(row);
        out.printf("  [%s %.1f s]%n", one.name(), (System.nanoTime() - t) / 1e9);
      }
    }
  }
}
