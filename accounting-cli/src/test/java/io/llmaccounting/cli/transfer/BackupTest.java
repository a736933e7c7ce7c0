package io.llmaccounting.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.TestDatabase;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testkit.UsageFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** {@code backup} of a file. */
class BackupTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  @Test
  void copiesTheDatabaseAndSaysSoInAllFormats() {
    done("track", "--model", "m");

    assertThat(json("backup", "a.db").object()).containsEntry("file", "a.db").containsKey("bytes");
    assertThat(csv("backup", "b.db").lines().get(0)).isEqualTo("file,bytes");
    assertThat(done("backup", "c.db").out()).contains("c.db");

    try (LlmAccounting copy = LlmAccounting.create(SqliteBackend.open(folder.resolve("a.db")))) {
      assertThat(copy.tail()).hasSize(1);
      assertThat(copy.admin().verify().differences()).isEmpty();
    }
  }

  @Test
  void replacesNothingUnlessAsked() throws IOException {
    done("track", "--model", "m");
    write("a.db", "mine");

    run("backup", "a.db").exits(Exit.FAILED).says("there is a file");
    assertThat(folder.resolve("a.db")).hasContent("mine");
    done("backup", "--force", "a.db");
    run("backup", "--force", "usage.db").exits(Exit.USAGE).says("another file");
    run("backup", "no/folder/a.db").exits(Exit.FAILED).says("there is no folder");
    run("--db", "x").exits(Exit.USAGE);

    assertThat(json("stats").object()).containsEntry("calls", 1L);
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().contains(".part"));
    }
  }

  @Test
  void whatIsWrittenMeanwhileIsInItOrNotAndNeverHalf() throws Exception {
    done("track", "--model", "m");
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(50);
    Thread writer;
    try (LlmAccounting service =
        LlmAccounting.create(SqliteBackend.open(folder.resolve("usage.db")))) {
      writer =
          new Thread(
              () -> {
                while (!stop.get()) {
                  service.track(UsageFixtures.aCall().costing("0.01").usage());
                  begun.countDown();
                }
              });
      writer.start();
      begun.await();

      done("backup", "a.db");

      stop.set(true);
      writer.join();
    }
    try (LlmAccounting copy = LlmAccounting.create(SqliteBackend.open(folder.resolve("a.db")))) {
      assertThat(copy.tail(io.llmaccounting.usage.UsageFilter.all(), 100)).hasSizeGreaterThan(50);
      assertThat(copy.admin().verify().differences()).isEmpty();
    }
  }
}
