package io.llmaccounting.cli.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code track} with options. */
abstract class TrackContract extends CommandContract {

  @Test
  void printsIdStatusCostAndWhatRemains() {
    done("limits", "set", "few", "--max", "3", "--metric", "requests", "--lifetime");
    done("limits", "set", "money", "--max", "1.5", "--metric", "cost", "--lifetime");

    Map<String, Object> receipt =
        json("track", "--model", "m", "--input-tokens", "7", "--cost", "0.002").object();

    assertThat(receipt)
        .containsOnlyKeys("id", "status", "cost", "remaining")
        .contains(
            entry("status", "recorded"),
            entry("cost", "0.002"),
            entry("remaining", Map.of("few", 2L, "money", "1.498")));
  }

  @Test
  void printsTheSameForPeopleAndForSpreadsheets() {
    Ran people = done("track", "--model", "m", "--cost", "0.002");
    Ran spreadsheet = csv("track", "--model", "m", "--cost", "0.002");

    assertThat(people.out())
        .containsPattern("(?m)^id +[0-9a-f-]{36}$")
        .contains("cost       $0.002");
    assertThat(spreadsheet.lines().get(0)).isEqualTo("id,status,cost,remaining");
    assertThat(spreadsheet.lines().get(1)).matches("[0-9a-f-]{36},recorded,0\\.002,\\{}");
  }

  @Test
  void printsTheIdAloneWhenQuiet() {
    assertThat(done("-q", "track", "--model", "m").out()).matches("[0-9a-f-]{36}\\R");
  }

  @Test
  void pricesACallOfAKnownModel() {
    Map<String, Object> receipt =
        json(
                "track",
                "--provider",
                "openai",
                "--model",
                "gpt-5-mini",
                "--input-tokens",
                "1000",
                "--output-tokens",
                "100")
            .object();

    assertThat(receipt).containsEntry("cost", "0.00045");
  }

  @Test
  void knowsNoCostWhereThereIsNoPrice() {
    assertThat(json("track", "--model", "nobody-knows", "--input-tokens", "5").object())
        .containsEntry("cost", null);
  }

  @Test
  void countsOnceUnderOneKey() {
    Ran first = json("track", "--model", "m", "--id", "order-7", "--cost", "1");
    Ran again = json("track", "--model", "m", "--id", "order-7", "--cost", "1");

    assertThat(again.object())
        .containsEntry("status", "duplicate")
        .containsEntry("id", first.object().get("id"));
  }

  @Test
  void refusesAnotherCallUnderTheSameKey() {
    done("track", "--model", "m", "--id", "order-7", "--input-tokens", "1", "--cost", "1");

    run("track", "--model", "m", "--id", "order-7", "--input-tokens", "1", "--cost", "2")
        .exits(Exit.FAILED)
        .says("order-7", "give the other call an id of its own.");
  }

  @Test
  void takesAnIdOfARecordAsItsId() {
    Map<String, Object> receipt = json("track", "--model", "m", "--cost", "1").object();
    String id = (String) receipt.get("id");

    assertThat(json("track", "--model", "m", "--cost", "1", "--id", id).object())
        .containsEntry("status", "duplicate")
        .containsEntry("id", id);
  }

  @Test
  void takesDefaultsFromBeforeTheCommand() {
    done(
        "limits",
        "set",
        "alice",
        "--max",
        "9",
        "--metric",
        "requests",
        "--lifetime",
        "--user",
        "alice");

    Ran defaulted = json("--user", "alice", "track", "--model", "m");
    Ran overridden = json("--user-name", "alice", "track", "--model", "m", "--user", "bob");

    assertThat(defaulted.object()).containsEntry("remaining", Map.of("alice", 8L));
    assertThat(overridden.object()).containsEntry("remaining", Map.of());
  }

  @Test
  void acceptsTheNamesOfThePredecessor() {
    Ran old =
        json(
            "--project-name",
            "p",
            "--app-name",
            "a",
            "--user-name",
            "u",
            "track",
            "--model",
            "m",
            "--prompt-tokens",
            "10",
            "--completion-tokens",
            "5",
            "--cached-tokens",
            "4",
            "--execution-time",
            "1.5",
            "--username",
            "u2",
            "--caller-name",
            "a2",
            "--timestamp",
            "2026-03-01 10:00:00",
            "--id",
            "k");
    Ran same =
        json(
            "track",
            "--model",
            "m",
            "--input-tokens",
            "10",
            "--output-tokens",
            "5",
            "--cache-read-tokens",
            "4",
            "--cache",
            "included",
            "--latency",
            "1.5s",
            "--user",
            "u2",
            "--caller",
            "a2",
            "--project",
            "p",
            "--at",
            "2026-03-01T10:00:00Z",
            "--id",
            "k");

    assertThat(same.object())
        .containsEntry("status", "duplicate")
        .containsEntry("id", old.object().get("id"));
  }

  @Test
  void readsTimesInTheZoneThatWasNamed() {
    done("track", "--model", "m", "--id", "k", "--at", "2026-03-01 10:00", "--zone", "Asia/Tokyo");

    assertThat(json("track", "--model", "m", "--id", "k", "--at", "2026-03-01T01:00:00Z").object())
        .containsEntry("status", "duplicate");
  }

  @Test
  void wantsToKnowWhetherInputIncludesCachedTokens() {
    run("track", "--model", "m", "--input-tokens", "9", "--cache-read-tokens", "3")
        .exits(Exit.USAGE)
        .says("--cache must be given");
  }

  @Test
  void refusesValuesThatMakeNoSense() {
    run("track").exits(Exit.USAGE).says("--model is required");
    run("track", "--model", " ").exits(Exit.USAGE).says("model must not be blank");
    run("track", "--model", "m", "--input-tokens", "-1").exits(Exit.USAGE).says("was -1");
    run("track", "--model", "m", "--input-tokens", "x").exits(Exit.USAGE).says("--input-tokens");
    run("track", "--model", "m", "--cost", "much").exits(Exit.USAGE).says("was \"much\"");
    run("track", "--model", "m", "--latency", "1.5").exits(Exit.USAGE).says("640ms", "\"1.5\"");
    run("track", "--model", "m", "--at", "noon").exits(Exit.USAGE).says("--at", "\"noon\"");
    run("track", "--model", "m", "--reasoning-tokens", "1").exits(Exit.USAGE).says("came alone");
    run("track", "--model", "m", "--at", "2027-01-01").exits(Exit.USAGE).says("--at must be");
    assertThat(json("track", "--model", "m", "--id", "first").object())
        .containsEntry("status", "recorded");
  }

  @Test
  void refusesUnknownNamesWhereTheyAreEnforced() {
    done("users", "add", "alice");

    run("--enforce-names", "track", "--model", "m", "--user", "mallory")
        .exits(Exit.FAILED)
        .says("user \"mallory\" is not in the directory", "users list");
    done("--enforce-names", "track", "--model", "m", "--user", "alice");
  }

  @Test
  void aConflictSaysWhatItDoesNotShow() {
    done("track", "--model", "m", "--cost", "2", "--id", "k1");

    assertThat(
            run("track", "--model", "m", "--cost", "2", "--id", "k1", "--user", "bob")
                .exits(Exit.FAILED)
                .err())
        .contains("key \"k1\" is already used by another call: user (not shown)")
        .contains("Repeat it with the values it had")
        .doesNotContain("null", "bob");
  }
}
