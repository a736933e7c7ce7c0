package io.llmaccounting.sqlite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.testing.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWhileSpoolingTest {
  private static final int KILLS = Integer.getInteger("llm.accounting.test.kills", 3);

  @TempDir Path folder;

  @Test
  void losesNothingThatWasAcknowledgedAndKeepsTheAmountsInStep() throws Exception {
    Random random = new Random(11);
    Set<UUID> acknowledged = new HashSet<>();

    for (int kill = 0; kill < KILLS; kill++) {
      try (ChildProcess child = ChildProcess.of(SpoolingMain.class, folder.toString())) {
        acknowledged.addAll(ids(child, 1 + random.nextInt(200)));
        child.kill();
      }
    }

    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      List<UUID> kept = ids(spool);
      assertThat(kept).doesNotHaveDuplicates().containsAll(acknowledged);
      assertThat(spool.openAmounts().sums())
          .as("amounts are kept with their calls or not at all")
          .containsEntry(new OpenLimit("requests", ""), (long) kept.size());
      assertThat(spool.openAmounts().complete()).isTrue();
      assertThat(spool.state().setAside()).isEmpty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("a restart finds the file of the process before it")
          .containsExactlyInAnyOrder("spool-1.db", "spool-1.db.owner", "spool.lock");
    }
  }

  @Test
  void aRunningProcessKeepsItsFileAndWhatAKilledOneLeftIsTakenOverByExactlyOne() throws Exception {
    List<UUID> acknowledged;
    try (SqliteSpool spool = spoolBesideARunningProcess();
        SqliteSpool other = SqliteSpool.at(folder);
        ChildProcess child = running) {
      acknowledged = ids(child, 100);
      assertThat(spool.read(0, 10)).as("what a running process keeps is its own").isEmpty();
      assertThat(other.read(0, 10)).isEmpty();

      child.kill();

      List<UUID> taken = new ArrayList<>(ids(spool));
      assertThat(taken).containsAll(acknowledged);
      assertThat(other.read(0, 10)).isEmpty();
      assertThat(spool.openAmounts().sums()).as("each process has amounts of its own").isEmpty();
    }
    try (SqliteSpool next = SqliteSpool.at(folder)) {
      assertThat(next.openAmounts().sums())
          .as("the process that takes the killed one's place goes on with its amounts")
          .containsKey(new OpenLimit("requests", ""));
      assertThat(ids(next)).containsAll(acknowledged);
    }
  }

  private ChildProcess running;

  private SqliteSpool spoolBesideARunningProcess() throws IOException {
    running = ChildProcess.of(SpoolingMain.class, folder.toString());
    ids(running, 1);
    return SqliteSpool.at(folder);
  }

  private static List<UUID> ids(ChildProcess child, int count) throws IOException {
    List<UUID> ids = new ArrayList<>();
    while (ids.size() < count) {
      String line = child.line();
      assertThat(line).as("the child ended by itself").isNotNull();
      ids.add(UUID.fromString(line));
    }
    return ids;
  }

  private static List<UUID> ids(Spool spool) {
    return spool.read(0, Integer.MAX_VALUE).stream()
        .map(SpoolEntry::call)
        .map(call -> call.usage().id())
        .toList();
  }
}
