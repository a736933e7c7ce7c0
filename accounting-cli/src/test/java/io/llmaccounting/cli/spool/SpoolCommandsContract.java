package io.llmaccounting.cli.spool;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Usage;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code health} and {@code spool}. */
abstract class SpoolCommandsContract extends CommandContract {
  private static final Usage FIRST = aCall().by("alice").in("search").costing("0.02").usage();
  private static final Usage SECOND = aCall().by("bob").usage();

  private SqliteSpool spool() {
    return SqliteSpool.at(folder.resolve("spool"), SpoolSettings.defaults().clock(clock));
  }

  private void spooled(Usage... usages) {
    try (SqliteSpool spool = spool()) {
      for (Usage usage : usages) {
        spool.append(List.of(new SpooledCall(usage, false, true, ManualClock.START)), Map.of());
      }
    }
  }

  private void buried(Usage usage, String reason) {
    spooled(usage);
    try (SqliteSpool spool = spool()) {
      List<SpoolEntry> entries = spool.read(0, 100);
      spool.deadLetters().bury(entries.get(entries.size() - 1).position(), reason);
    }
  }

  @Test
  void listsWhatWaitsInAllFormats() {
    spooled(FIRST, SECOND);

    assertThat(json("spool", "list", "--spool", "spool").objects())
        .extracting(call -> call.get("id"), call -> call.get("cost"), call -> call.get("user"))
        .containsExactly(
            tuple(FIRST.id().toString(), "0.02", "alice"),
            tuple(SECOND.id().toString(), null, "bob"));
    assertThat(csv("spool", "list", "--spool", "spool", "-n", "1").lines())
        .containsExactly(
            "position,recorded_at,id,model,project,user,cost,settles",
            "1,2026-03-02T09:00:00Z,%s,gpt-5-mini,search,alice,0.02,false".formatted(FIRST.id()));
    assertThat(done("spool", "list", "--spool", "spool").lines().get(0))
        .startsWith("POSITION  RECORDED AT");
    done("spool", "list", "--spool", "spool", "-n", "1").says("1 more wait");
  }

  @Test
  void bringsBackWhatWaitsAndSaysSoAgainWhereItWasThere() {
    done("projects", "add", "search");
    spooled(FIRST, SECOND);

    assertThat(json("spool", "replay", "--spool", "spool").object())
        .containsEntry("booked", 2L)
        .containsEntry("duplicates", 0L)
        .containsEntry("dead_letters", 0L)
        .containsEntry("waiting", 0L);
    assertThat(json("spool", "list", "--spool", "spool").objects()).isEmpty();

    spooled(FIRST);
    environment.put("LLM_ACCOUNTING_SPOOL", "spool");
    assertThat(csv("spool", "replay").lines())
        .containsExactly("booked,duplicates,dead_letters,waiting", "0,1,0,0");
    assertThat(done("spool", "replay").lines().get(0)).startsWith("booked");
  }

  @Test
  void aConflictBecomesADeadLetterWithItsReason() {
    done("projects", "add", "search");
    spooled(FIRST);
    done("spool", "replay", "--spool", "spool");
    spooled(aCall().id(FIRST.id()).by("mallory").usage(), SECOND);

    assertThat(
            run("--format", "json", "spool", "replay", "--spool", "spool")
                .exits(Exit.FAILED)
                .object())
        .containsEntry("booked", 1L)
        .containsEntry("dead_letters", 1L)
        .containsEntry("waiting", 0L);
    assertThat(json("spool", "dead-letters", "--spool", "spool").objects())
        .singleElement()
        .satisfies(letter -> assertThat(letter.get("user")).isEqualTo("mallory"))
        .satisfies(
            letter ->
                assertThat((String) letter.get("reason"))
                    .contains("stored search; user (not shown);"));
  }

  @Test
  void listsRestoresAndForgetsDeadLettersInAllFormats() {
    buried(FIRST, "too old");
    buried(SECOND, "a, b");

    assertThat(csv("spool", "dead-letters", "--spool", "spool").lines())
        .containsExactly(
            "position,buried_at,id,model,project,user,cost,reason",
            "1,2026-03-02T09:00:00Z,%s,gpt-5-mini,search,alice,0.02,too old".formatted(FIRST.id()),
            "2,2026-03-02T09:00:00Z,%s,gpt-5-mini,,bob,,\"a, b\"".formatted(SECOND.id()));
    assertThat(done("spool", "dead-letters", "--spool", "spool").lines()).hasSize(3);
    run("spool", "dead-letters", "--spool", "spool", "--discard", "2")
        .exits(Exit.USAGE)
        .says("add --yes");
    assertThat(
            json("spool", "dead-letters", "--spool", "spool", "--discard", "2", "--yes").objects())
        .hasSize(1);
    run("spool", "dead-letters", "--spool", "spool", "--restore", "2")
        .exits(Exit.FAILED)
        .says("there is no dead letter at position 2");
    assertThat(json("spool", "dead-letters", "--spool", "spool", "--restore-all").objects())
        .isEmpty();
    assertThat(json("spool", "list", "--spool", "spool").objects())
        .singleElement()
        .satisfies(call -> assertThat(call.get("id")).isEqualTo(FIRST.id().toString()));
  }

  @Test
  void saysWhetherAllIsWellInAllFormats() throws Exception {
    done("projects", "add", "search");

    assertThat(json("health").object())
        .containsEntry("well", true)
        .containsEntry("database", true)
        .containsEntry("limits", 0L)
        .containsEntry("waiting", null);
    spooled(FIRST);
    buried(SECOND, "refused");
    Files.writeString(folder.resolve("spool").resolve("spool-9.db.damaged-1"), "");
    clock.set("2026-03-02T09:02:00Z");
    assertThat(run("--format", "json", "health", "--spool", "spool").exits(Exit.FAILED).object())
        .containsEntry("well", false)
        .containsEntry("database", true)
        .containsEntry("waiting", 1L)
        .containsEntry("dead_letters", 1L)
        .containsEntry("set_aside", List.of("spool-9.db.damaged-1"));
    assertThat(run("--format", "csv", "health", "--spool", "spool").lines().get(0))
        .startsWith("well,database,answered_in,reason,limits,open_holds,waiting,oldest");
    assertThat(run("health", "--spool", "spool").lines())
        .anySatisfy(line -> assertThat(line).startsWith("waiting").endsWith(" 1"));
  }

  @Test
  void aDatabaseThatIsAwayIsNotWell() {
    Map<String, Object> answer =
        answer(
            bare(
                InputStream.nullInputStream(),
                "--format",
                "json",
                "--db",
                "jdbc:postgresql://127.0.0.1:1/away",
                "--db-user",
                "x",
                "health"));

    assertThat(answer).containsEntry("well", false).containsEntry("database", false);
    assertThat((String) answer.get("reason")).isNotBlank();
  }

  private static Map<String, Object> answer(Ran ran) {
    return ran.exits(Exit.FAILED).object();
  }

  @Test
  void saysWhatIsTheRunningProcessesOwn() {
    try (SqliteSpool running = spool()) {
      running.append(List.of(new SpooledCall(FIRST, false, true, ManualClock.START)), Map.of());

      assertThat(
              json("spool", "list", "--spool", "spool")
                  .says("1 running process uses this spool")
                  .objects())
          .isEmpty();
    }
  }

  @Test
  void needsAFolderThatIsThere() {
    run("spool", "list").exits(Exit.USAGE).says("no spool is named");
    run("spool", "list", "--spool", "nowhere").exits(Exit.FAILED).says("there is no folder");
    assertThat(folder.resolve("nowhere")).doesNotExist();
    run("spool", "list", "--spool", "nowhere", "-n", "0").exits(Exit.USAGE).says("--lines");
    run("spool", "dead-letters", "--spool", "x", "--restore", "1", "--restore-all")
        .exits(Exit.USAGE)
        .says("exclude each other");
  }
}
