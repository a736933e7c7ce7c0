package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.testkit.ManualClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedSpoolTest {
  private static final int SEEDS = Integer.getInteger("llm.accounting.test.damagedBytes", 8);
  private static final OpenLimit OPEN = new OpenLimit("cost", "alice");

  @TempDir Path folder;

  private final Set<SpooledCall> appended = new HashSet<>();
  private final Set<SpooledCall> waiting = new HashSet<>();
  private final Set<SpooledCall> buried = new HashSet<>();

  /** Calls of all sizes, some removed, some buried, as a kill or an orderly end leaves them. */
  private Path spoolThat(boolean wasKilled) throws IOException {
    Path live = folder.resolve("live");
    Path left = folder.resolve("left");
    try (SqliteSpool spool = SqliteSpool.at(live)) {
      Random random = new Random(1);
      for (int batch = 0; batch < 12; batch++) {
        List<SpooledCall> calls = new ArrayList<>();
        for (int call = 0; call < 20; call++) {
          calls.add(call(random));
        }
        spool.append(calls, Map.of(OPEN, 1L));
        appended.addAll(calls);
        waiting.addAll(calls);
        SpoolEntry gone = spool.read(0, 100).get(random.nextInt(10));
        spool.remove(Set.of(gone.position()));
        waiting.remove(gone.call());
        SpoolEntry dead = spool.read(0, 100).get(random.nextInt(10));
        spool.deadLetters().bury(dead.position(), "refused");
        waiting.remove(dead.call());
        buried.add(dead.call());
      }
      if (wasKilled) {
        copy(live, left);
      }
    }
    if (!wasKilled) {
      copy(live, left);
    }
    return left;
  }

  private static SpooledCall call(Random random) {
    CallFixture call = aCall().by("user-" + random.nextInt(9)).tokens(random.nextInt(9_999), 7);
    if (random.nextInt(3) == 0) {
      call.failed("Timeout", "\u00e4".repeat(random.nextInt(4_000)));
    }
    return new SpooledCall(call.usage(), random.nextBoolean(), true, ManualClock.START);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(f -> !f.toString().endsWith("-shm")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDamagedByteCostsTheCallItIsInAtMostAndIsReported(boolean wasKilled) throws IOException {
    Path left = spoolThat(wasKilled);
    int reported = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Path copy = folder.resolve("copy-" + seed);
      copy(left, copy);
      String what = damage(copy, new Random(seed));

      reported += outcome(copy, "seed " + seed + ": " + what);
    }
    assertThat(reported).as("most bytes of a spool matter").isGreaterThan(SEEDS / 3);
  }

  @Test
  void aDamagedHeaderOfTheLogCostsNothing() throws IOException {
    Path left = spoolThat(true);
    for (int at : new int[] {0, 3, 8, 17, 26}) {
      Path copy = folder.resolve("header-" + at);
      copy(left, copy);
      change(copy.resolve("spool-1.db-wal"), at, 0xB3);

      assertThat(outcome(copy, "header at " + at)).as("header at %d", at).isEqualTo(1);

      try (SqliteSpool spool = SqliteSpool.at(copy)) {
        assertThat(calls(spool)).as("header at %d", at).containsAll(waiting);
      }
    }
  }

  @Test
  void aDamagedByteInWhatTheFileSaysAboutItsTablesIsReported() throws IOException {
    Path left = spoolThat(false);
    String page = Files.readString(left.resolve("spool-1.db"), StandardCharsets.ISO_8859_1);
    int checked = 0;
    for (String start : List.of("CREATE TABLE spool_call", "CREATE TABLE spool_open_amount")) {
      int from = page.indexOf(start);
      int to = page.indexOf(") STRICT", from) + ") STRICT".length();
      // all of them in memory: SpoolSchemaTest
      // the first byte after a comma decides over the name of a column
      for (int at = page.indexOf(", ", from) + 1;
          at > 0 && at < to;
          at = page.indexOf(", ", at + Math.max(1, 1_000 / SEEDS)) + 1) {
        Path copy = folder.resolve("schema-" + at);
        copy(left, copy);
        change(copy.resolve("spool-1.db"), at, 182);

        assertThat(outcome(copy, "schema at " + at)).as("schema at %d", at).isEqualTo(1);
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(5);
  }

  private static void change(Path file, long at, int mask) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int before = bytes.read();
      bytes.seek(at);
      bytes.write(before ^ mask);
    }
  }

  private static String damage(Path folder, Random random) throws IOException {
    Path database = folder.resolve("spool-1.db");
    Path log = folder.resolve("spool-1.db-wal");
    Path file = Files.exists(log) && random.nextInt(4) > 0 ? log : database;
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      // every tenth hits the header of the file, where one byte decides over all
      long at = random.nextInt(10) == 0 ? random.nextInt(100) : random.nextLong(bytes.length());
      bytes.seek(at);
      int before = bytes.read();
      int after = before ^ (1 + random.nextInt(255));
      bytes.seek(at);
      bytes.write(after);
      return "%s at %d from %d to %d".formatted(file.getFileName(), at, before, after);
    }
  }

  /** Returns 1 if damage was reported. */
  private int outcome(Path copy, String what) {
    try (SqliteSpool spool = SqliteSpool.at(copy)) {
      Set<SpooledCall> read = new HashSet<>(calls(spool));
      Set<SpooledCall> dead = new HashSet<>();
      spool.deadLetters().list(0, 1_000).forEach(letter -> dead.add(letter.call()));
      Set<SpooledCall> all = new HashSet<>(read);
      all.addAll(dead);
      long lost = waiting.stream().filter(call -> !all.contains(call)).count();
      long lostDead = buried.stream().filter(call -> !dead.contains(call)).count();
      List<String> setAside = spool.state().setAside();

      assertThat(appended).as("nothing is made up, %s", what).containsAll(all);
      assertThat(lost + lostDead).as("lost, %s", what).isLessThanOrEqualTo(1);
      if (lost + lostDead > 0) {
        assertThat(setAside).as("told of the loss, %s", what).hasSize(1);
      }
      if (setAside.isEmpty()) {
        assertThat(read).as("undamaged, %s", what).isEqualTo(waiting);
        assertThat(spool.openAmounts().sums()).as(what).isEqualTo(Map.of(OPEN, 12L));
      } else {
        assertThat(spool.openAmounts().complete()).as(what).isFalse();
      }
      goesOn(spool, what);
      return setAside.size();
    }
  }

  private static void goesOn(SqliteSpool spool, String what) {
    long before = spool.state().waiting();
    SpooledCall more = new SpooledCall(aCall().usage(), false, true, ManualClock.START);
    spool.append(List.of(more), Map.of());
    assertThat(calls(spool)).as(what).hasSize((int) before + 1).endsWith(more);
    spool.openAmounts().reset(Map.of());
    assertThat(spool.openAmounts().complete()).as(what).isTrue();
  }

  private static List<SpooledCall> calls(SqliteSpool spool) {
    return spool.read(0, 1_000).stream().map(SpoolEntry::call).toList();
  }

  @Test
  void aDamagedSectorCostsOnlyTheCallsThatLieInIt() throws IOException {
    Path left = spoolThat(false);
    for (int seed = 0; seed < Math.max(3, SEEDS / 5); seed++) {
      Path copy = folder.resolve("copy-" + seed);
      copy(left, copy);
      Random random = new Random(seed);
      Path database = copy.resolve("spool-1.db");
      byte[] sector = new byte[512];
      random.nextBytes(sector);
      try (RandomAccessFile bytes = new RandomAccessFile(database.toFile(), "rw")) {
        bytes.seek(512L * random.nextLong(bytes.length() / 512));
        bytes.write(sector);
      }

      try (SqliteSpool spool = SqliteSpool.at(copy)) {
        List<SpooledCall> read = calls(spool);
        assertThat(appended).as("seed %d", seed).containsAll(read);
        assertThat((long) read.size()).as("seed %d", seed).isCloseTo(waiting.size(), within(5L));
        if (!new HashSet<>(read).equals(waiting)) {
          assertThat(spool.state().setAside()).as("seed %d", seed).isNotEmpty();
        }
      }
    }
  }

  @Test
  void damageThatIsFoundWhileTheSpoolIsOpenIsRepairedAtOnce() throws Exception {
    Path live = folder.resolve("spool");
    try (SqliteSpool spool = SqliteSpool.at(live)) {
      SpooledCall good = call(new Random(1));
      SpooledCall bad = call(new Random(2));
      spool.append(List.of(good, bad), Map.of());
      Set<Long> positions = new HashSet<>();
      spool.read(0, 10).forEach(entry -> positions.add(entry.position()));
      RawDatabase.run(
          live.resolve("spool-1.db"), "UPDATE spool_call SET model = 'gpt-6' WHERE position = 2");

      assertThat(calls(spool)).containsExactly(good);

      assertThat(spool.state().setAside()).hasSize(1);
      assertThat(spool.state().waiting()).isEqualTo(1);
      SpooledCall more = call(new Random(3));
      spool.append(List.of(more), Map.of());
      assertThat(spool.read(1, 10).get(0).position())
          .as("a position that was handed out belongs to its call")
          .isNotIn(positions);
    }
  }

  @Test
  void aRepairThatAKillCutShortIsFinished() throws IOException {
    Path left = spoolThat(false);
    Files.move(left.resolve("spool-1.db"), left.resolve("spool-1.db.repaired"));
    Files.writeString(left.resolve("spool-1.db-wal"), "of the damaged file");

    try (SqliteSpool spool = SqliteSpool.at(left)) {
      assertThat(new HashSet<>(calls(spool))).isEqualTo(waiting);
      assertThat(spool.state().setAside()).hasSize(1);
    }

    Files.writeString(left.resolve("spool-1.db.repaired"), "not complete");
    try (SqliteSpool spool = SqliteSpool.at(left)) {
      assertThat(new HashSet<>(calls(spool))).isEqualTo(waiting);
      assertThat(spool.deadLetters().list(0, 100).stream().map(DeadLetter::call))
          .hasSameElementsAs(buried);
    }
    assertThat(left.resolve("spool-1.db.repaired")).doesNotExist();
  }

  @Test
  void aFlippedBitDoesNotMakeAmountsCompleteAgain() throws Exception {
    Path file = folder.resolve("spool-1.db");
    markedIncomplete(file);
    RawDatabase.run(file, "PRAGMA user_version = 0");
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      assertThat(spool.openAmounts().complete()).isFalse();
      assertThat(spool.openAmounts().sums()).isEmpty();
      spool.openAmounts().reset(Map.of(OPEN, 2L));
      assertThat(spool.openAmounts().complete()).isTrue();
      assertThat(spool.openAmounts().sums()).containsExactly(Map.entry(OPEN, 2L));
    }
  }

  @Test
  void amountsThatAnEarlierVersionMarkedIncompleteStayIncomplete() throws Exception {
    Path file = folder.resolve("spool-1.db");
    markedIncomplete(file);
    RawDatabase.run(file, "DELETE FROM spool_open_amount");
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      assertThat(spool.openAmounts().complete()).isFalse();
    }
  }

  // as damage leaves it
  private void markedIncomplete(Path file) throws Exception {
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      spool.append(List.of(call(new Random(1))), Map.of());
    }
    RawDatabase.run(file, "CREATE INDEX by_reason ON spool_call (reason)");
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      assertThat(spool.openAmounts().complete()).isFalse();
    }
  }
}
