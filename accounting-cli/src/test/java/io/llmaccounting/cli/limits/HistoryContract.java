package io.llmaccounting.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code denials} and {@code alerts}. */
abstract class HistoryContract extends CommandContract {

  @Test
  void listsDenialsByMinuteInAllFormats() {
    done("limits", "set", "cap", "--max", "0", "--metric", "cost", "--lifetime", "--each", "user");
    run("reserve", "--model", "m", "--user", "u", "--cost", "0.5").exits(Exit.DENIED);
    run("reserve", "--model", "m", "--user", "u", "--cost", "0.7").exits(Exit.DENIED);
    clock.advance(Duration.ofMinutes(1));
    run("reserve", "--model", "m", "--user", "u", "--cost", "0.7").exits(Exit.DENIED);

    assertThat(json("denials").objects()).hasSize(2);
    assertThat(json("denials", "--to", "2026-03-02T09:01:00Z").objects())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .contains(
                        entry("minute", "2026-03-02T09:00:00Z"),
                        entry("limit", "cap"),
                        entry("subject", "user=u"),
                        entry("count", 2L),
                        entry("last_requested", "0.70")));
    assertThat(csv("denials", "--from", "2026-03-02T09:01").lines())
        .hasSize(2)
        .first()
        .isEqualTo("minute,limit,subject,count,last_requested,last_reason");
    assertThat(done("denials").out()).contains("$0.70");
    run("denials", "--from", "yesterday").exits(Exit.USAGE).says("--from");
  }

  /** What was asked for at an unknown cost is not $0. */
  @Test
  void aDenialForAnUnknownCostAskedForNoKnownAmount() {
    done("limits", "set", "cap", "--max", "5", "--metric", "cost", "--lifetime");
    Ran check = run("check", "--model", "no-such", "--input-tokens", "10").exits(Exit.DENIED);
    run("reserve", "--model", "no-such", "--input-tokens", "10").exits(Exit.DENIED);

    assertThat(check.out()).doesNotContain("REQUESTED");
    assertThat(json("denials").objects())
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("last_requested", null));
    assertThat(done("denials").out()).doesNotContain("$0", "LAST REQUESTED");
    assertThat(
            run("--format", "json", "check", "--model", "no-such", "--input-tokens", "10")
                .exits(Exit.DENIED)
                .objects())
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("requested", null));
  }

  @Test
  void listsAlertsInAllFormatsWithoutDeliveringThem() {
    done(
        "limits",
        "set",
        "cap",
        "--max",
        "2",
        "--metric",
        "requests",
        "--lifetime",
        "--alert",
        "50%");
    done("track", "--model", "m");

    assertThat(json("alerts").objects())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .contains(
                        entry("limit", "cap"),
                        entry("percent", 50L),
                        entry("used", 1L),
                        entry("maximum", 2L),
                        entry("fired_at", "2026-03-02T09:00:00Z")));
    assertThat(json("alerts", "--undelivered").objects()).hasSize(1);
    assertThat(csv("alerts").lines())
        .first()
        .isEqualTo("id,fired_at,limit,subject,percent,used,maximum");
    assertThat(done("alerts").lines()).hasSize(2);
  }
}
