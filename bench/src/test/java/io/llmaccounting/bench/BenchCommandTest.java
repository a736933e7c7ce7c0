package io.llmaccounting.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That measuring works, on what it prints; never how long anything took. */
class BenchCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void printsARowForEachComparisonAndLeavesNoFileBehind() throws Exception {
    int exit = run("--format", "csv", "-q", "--quick", "--folder", "files", "track", "open");

    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(Exit.DONE);
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .startsWith("name,value,target,met,ours_per_second,baseline_per_second");
    assertThat(lines.get(1)).startsWith("\"track, SQLite, 16 threads\",");
    assertThat(lines.get(2)).startsWith("\"opening, SQLite\",");
    try (var left = Files.list(folder.resolve("files"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void measuresTheCallerOfABufferAndExportsInASmallHeap() {
    int exit = run("--format", "csv", "-q", "--quick", "buffered", "export", "rebuild");

    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(Exit.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8).lines().skip(1))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("\"buffered track, its cost given: its caller's"),
            line -> assertThat(line).startsWith("\"buffered track, its cost given: allocated"),
            line -> assertThat(line).startsWith("\"buffered track, priced by the bundled table: "),
            line -> assertThat(line).startsWith("\"buffered track, priced by the bundled table: "),
            line -> assertThat(line).startsWith("\"export of 20,000 records, SQLite\""),
            line -> assertThat(line).startsWith("\"rebuild of 20,000 records, SQLite\""));
  }

  @Test
  void measuresLeasesInOneProcessAndInFour() throws Exception {
    int exit = run("--format", "csv", "-q", "--quick", "--folder", "files", "leases");

    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(Exit.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8).lines().skip(1))
        .satisfiesExactly(
            line ->
                assertThat(line).startsWith("\"1 hot leased limit, buffered, SQLite, 1 thread:"),
            line -> assertThat(line).startsWith("\"1 hot leased limit, buffered, SQLite, 16 thr"),
            line -> assertThat(line).startsWith("\"1 hot leased limit, buffered, SQLite, 16 thr"),
            line -> assertThat(line).startsWith("\"1 hot leased limit, durable, SQLite, 16 threa"),
            line -> assertThat(line).startsWith("\"last stretch of a leased limit, SQLite, 16"),
            line -> assertThat(line).startsWith("\"4 processes, calls of a cent, 400 of 800 fit"));
    try (var left = Files.list(folder.resolve("files"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void startsTheToolInProcessesOfItsOwn() throws Exception {
    int exit = run("--format", "csv", "-q", "--quick", "--folder", "files", "start");

    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(Exit.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            header -> assertThat(header).startsWith("name,value,"),
            version -> assertThat(version).startsWith("start of --version,"),
            track -> assertThat(track).startsWith("\"start of track, SQLite\","));
    try (var left = Files.list(folder.resolve("files"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void refusesABenchmarkThatThereIsNot() {
    int exit = run("--quick", "speed");

    assertThat(exit).isEqualTo(Exit.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("was \"speed\"", "[memory, buffered,");
  }

  @Test
  void bothSidesOfABulkLeaveTheSameRowsBehind() throws Exception {
    SqliteStore store = new SqliteStore(folder);
    Bench bench = new Bench(List.of(store), Scale.QUICK, InstantSource.system());
    try (var ours = store.fresh();
        var theirs = store.fresh()) {
      theirs.open().close();
      BulkBenchmark.writeOurs(bench, ours, 3_000);
      try (PlainConnection connection = theirs.connect()) {
        BulkBenchmark.fill(connection, store, BulkBenchmark.times(bench, 3_000));
      }

      assertThat(rows(ours, "usage_rollup", "*")).isEqualTo(rows(theirs, "usage_rollup", "*"));
      String columns = String.join(", ", PlainRecords.NUMBERS.subList(0, 11));
      assertThat(rows(ours, "usage_event", columns))
          .isEqualTo(rows(theirs, "usage_event", columns));
    }
  }

  private static List<String> rows(Store.Place place, String table, String columns)
      throws Exception {
    List<String> rows = new ArrayList<>();
    String sql = "SELECT %s FROM %s".formatted(columns, table);
    try (PlainConnection connection = place.connect();
        var result = connection.prepare(sql).executeQuery()) {
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(result.getString(i)).append(';');
        }
        rows.add(row.toString());
      }
    }
    rows.sort(null);
    assertThat(rows).isNotEmpty();
    return rows;
  }

  private int run(String... arguments) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            folder,
            Console.Terminal.NONE,
            InstantSource.system(),
            null);
    return BenchCommand.run(console, arguments);
  }
}
