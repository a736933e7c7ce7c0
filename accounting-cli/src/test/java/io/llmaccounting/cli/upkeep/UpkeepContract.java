package io.llmaccounting.cli.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import org.junit.jupiter.api.Test;

/** {@code verify}, {@code rebuild}, {@code migrate} and {@code reprice}. */
abstract class UpkeepContract extends CommandContract {

  @Test
  void provesInAllFormatsThatEverythingAddsUp() {
    done("limits", "set", "all", "--max", "9", "--metric", "requests", "--lifetime");
    done("track", "--model", "m", "--cost", "1");

    done("verify").says("everything adds up");
    assertThat(json("verify").objects()).isEmpty();
    assertThat(csv("verify").out()).isEqualTo("what,stored,expected\n");
    done("rebuild").says("computed again");
    done("verify");
  }

  @Test
  void saysInAllFormatsHowTheSchemaStands() {
    done("migrate");

    assertThat(json("migrate", "--dry-run").object()).containsEntry("status", "current");
    assertThat(json("migrate").object()).containsEntry("status", "current");
    assertThat(csv("migrate").lines()).first().isEqualTo("status,found,wanted");
    assertThat(done("migrate").out()).startsWith("status  current");
  }

  @Test
  void pricesCallsAgain() {
    write(
        "prices.json",
        """
        {"format": 1, "prices": [{"id": "ours", "models": ["in-house"], "input": 1, "output": 2, "unusual": true}]}
        """);
    done("track", "--model", "in-house", "--input-tokens", "1000000");
    String[] reprice = {"reprice", "--prices", "prices.json"};
    String[] dry = {"reprice", "--prices", "prices.json", "--dry-run"};

    assertThat(json(dry).object())
        .contains(
            entry("examined", 1L),
            entry("changed", 1L),
            entry("cost_before", null),
            entry("cost_after", "1.00"),
            entry("written", false));
    assertThat(json(reprice).object()).contains(entry("changed", 1L), entry("written", true));
    assertThat(json(reprice).object()).containsEntry("examined", 0L);
    assertThat(json("reprice", "--prices", "prices.json", "--priced-too").object())
        .contains(entry("examined", 1L), entry("changed", 0L));
    assertThat(csv(reprice).lines()).first().asString().startsWith("examined,changed");
    assertThat(done(reprice).out()).contains("examined");
    done("verify");
    run("reprice", "--prices", "none.json").exits(Exit.FAILED).says("none.json");
  }
}
