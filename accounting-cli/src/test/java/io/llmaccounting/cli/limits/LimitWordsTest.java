package io.llmaccounting.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** How limits and their denials are told to people. */
class LimitWordsTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  @Test
  void speaksOfMoneyAsMoneyAndOfExemptionsAsNothingElse() {
    done("limits", "unlimited", "a", "--metric", "cost", "--user", "root");
    String charging =
        done(
                "limits",
                "set",
                "b",
                "--max",
                "5",
                "--metric",
                "cost",
                "--lifetime",
                "--unpriced",
                "0.05")
            .out();

    assertThat(charging).containsPattern("unpriced +\\$0\\.05");
    assertThat(done("limits", "show", "a").out()).doesNotContain("unpriced", "outage");
  }

  @Test
  void standsBesideOtherAmountsAndNamesWhatIsAbsent() {
    done(
        "limits",
        "set",
        "w",
        "--max",
        "1000.5",
        "--metric",
        "weighted-tokens",
        "--weights",
        "input=1,output=1",
        "--lifetime",
        "--each",
        "user");
    done("track", "--model", "m", "--input-tokens", "10", "--output-tokens", "0", "--cost", "0");

    assertThat(done("limits", "status").lines())
        .containsExactly(
            "LIMIT  SUBJECT  METRIC           MAXIMUM  USED  HELD   LEFT  OVERSHOOT  FULL",
            "w      user=-   weighted-tokens  1,000.5    10     0  990.5          -    0%");
    assertThat(json("limits", "status").objects().get(0)).containsEntry("subject", "user");
  }

  @Test
  void denialsSpeakToPeople() {
    done("limits", "set", "c", "--max", "12000", "--metric", "input-tokens", "--rolling", "1h");
    run("reserve", "--model", "m", "--input-tokens", "13000")
        .exits(Exit.DENIED)
        .says("of 12,000, rolling 1h has no room for 13,000 input tokens (used 0, held 0)");

    assertThat(done("denials").out())
        .contains("input tokens limit \"c\" of 12,000, rolling 1h has no room for 13,000 input")
        .doesNotContain("INPUT_TOKENS", "PT1H");
  }
}
