package io.llmaccounting.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.groups.Tuple.tuple;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code limits}. */
abstract class LimitsContract extends CommandContract {

  private static final Map<String, String> WATCHES =
      Map.of(
          "model", "prefix gpt-",
          "provider", "is openai",
          "project", "is p",
          "user", "each",
          "session", "absent",
          "tag:env", "is prod");

  @Test
  void savesEverythingThatCanBeSaid() {
    Map<String, Object> saved =
        json(
                "limits",
                "set",
                "a",
                "--max",
                "12.50",
                "--metric",
                "cost",
                "--rolling",
                "1h30m",
                "--model",
                "gpt-*",
                "--provider",
                "openai",
                "--project",
                "p",
                "--each",
                "user",
                "--absent",
                "session",
                "--tag",
                "env=prod",
                "--warn",
                "--alert",
                "50%,80%",
                "--alert",
                "90",
                "--on-outage",
                "open:2",
                "--unpriced",
                "0.10",
                "--grain",
                "30s")
            .object();

    assertThat(saved)
        .containsExactly(
            entry("name", "a"),
            entry("metric", "cost"),
            entry("maximum", "12.50"),
            entry("window", "rolling PT1H30M"),
            entry("action", "warn"),
            entry("watches", WATCHES),
            entry("alerts", List.of("50%", "80%", "90%")),
            entry("on_outage", "open:2.00"),
            entry("unpriced", "0.10"),
            entry("grain", 30L),
            entry("weights", null),
            entry("leased", null),
            entry("set", null));
    assertThat(json("limits", "show", "a").object()).isEqualTo(saved);
  }

  @Test
  void leasesALimit() {
    String[] common = {"--metric", "cost", "--max", "100", "--calendar", "month"};

    assertThat(leased("--leased", common)).isEqualTo(5L);
    assertThat(leased("--leased=30s", common)).isEqualTo(30L);
    assertThat(json("limits", "list").out()).contains("\"leased\":30");
    assertThat(leased("--rolling-months=1", "--metric", "cost", "--max", "100")).isNull();
  }

  private Object leased(String option, String... common) {
    List<String> words = new ArrayList<>(List.of("limits", "set", "shared", option));
    words.addAll(List.of(common));
    json(words.toArray(String[]::new));
    return json("limits", "show", "shared").object().get("leased");
  }

  @Test
  void knowsEveryWindow() {
    String[] common = {"--max", "5", "--metric", "total-tokens"};

    assertThat(window("--rolling", "7d", common)).isEqualTo("rolling PT168H");
    assertThat(window("--rolling-months", "3", common)).isEqualTo("rolling-months 3");
    assertThat(window("--calendar", "1 month", common)).isEqualTo("calendar 1 MONTH UTC");
    assertThat(window("--calendar", "15 minutes", common)).isEqualTo("calendar 15 MINUTE UTC");
    assertThat(window("--calendar", "day", common)).isEqualTo("calendar 1 DAY UTC");
    assertThat(
            json(
                    "limits",
                    "set",
                    "z",
                    "--max",
                    "5",
                    "--metric",
                    "requests",
                    "--calendar",
                    "2 weeks",
                    "--zone",
                    "Europe/Berlin")
                .object())
        .containsEntry("window", "calendar 2 WEEK Europe/Berlin");
  }

  /** faults B6. */
  @Test
  void beginsCalendarWindowsWhereTheBillDoes() {
    assertThat(starting("1 month", "31 06:00"))
        .containsEntry("window", "calendar 1 MONTH Europe/Berlin starting 31 06:00");
    assertThat(starting("1 week", "tuesday"))
        .containsEntry("window", "calendar 1 WEEK Europe/Berlin starting TUESDAY");
    assertThat(starting("1 day", "06:00"))
        .containsEntry("window", "calendar 1 DAY Europe/Berlin starting 06:00");
    assertThat(json("limits", "show", "bill").object())
        .containsEntry("window", "calendar 1 DAY Europe/Berlin starting 06:00");
    Ran week = run(startingArguments("1 week", "31"));
    assertThat(week.exit()).isEqualTo(Exit.USAGE);
    assertThat(week.err()).contains("weekday").contains("\"31\"");
    Ran rolling =
        run("limits set bill --max 5 --metric cost --rolling 1h --starting 31".split(" "));
    assertThat(rolling.exit()).isEqualTo(Exit.USAGE);
    assertThat(rolling.err()).contains("--starting").contains("--calendar");
  }

  /** reading new capabilities. */
  @Test
  void limitsCallsUnderWay() {
    String[] set = {
      "limits", "set", "at once", "--max", "1", "--metric", "concurrent", "--each", "user"
    };
    assertThat(json(set).object())
        .containsEntry("metric", "concurrent")
        .containsEntry("maximum", 1L)
        .containsEntry("window", "now");
    Object hold = json("reserve", "--model", "m", "--user", "u").object().get("hold");
    done("track", "--model", "m", "--user", "u", "--cost", "0");

    assertThat(json("limits", "status", "at once").objects().get(0))
        .containsEntry("used", 0L)
        .containsEntry("held", 1L)
        .containsEntry("remaining", 0L);
    Ran denied = run("check", "--model", "m", "--user", "u").exits(Exit.DENIED);
    assertThat(denied.err()).contains("1 under way").contains("call under way has ended");
    assertThat(denied.err()).doesNotContain("never fits").doesNotContain("CONCURRENT");
    done("release", hold.toString());
    done("check", "--model", "m", "--user", "u");
    List<String> with = new ArrayList<>(List.of(set));
    with.addAll(List.of("--rolling", "1h"));
    assertThat(run(with.toArray(String[]::new)).exits(Exit.USAGE).err()).contains("no window");
    Ran without = run("limits", "set", "x", "--max", "1", "--metric", "requests");
    assertThat(without.exits(Exit.USAGE).err()).contains("--rolling").contains("--lifetime");
  }

  /** reading new capabilities. */
  @Test
  void countsTokensByTheWeightsThatAreSaid() {
    String[] set =
        ("limits set w --max 100.5 --metric weighted-tokens --weights"
                + " input=1,output=4,cache-read=0.1 --on-outage open:0.5 --lifetime")
            .split(" ");
    assertThat(json(set).object())
        .containsEntry("metric", "weighted-tokens")
        .containsEntry("maximum", new BigDecimal("100.5"))
        .containsEntry("on_outage", "open:0.5")
        .containsEntry("weights", "input=1,output=4,cache-read=0.1");
    done(
        "track",
        "--model",
        "m",
        "--input-tokens",
        "10",
        "--cached-tokens",
        "5",
        "--cache",
        "included");

    assertThat(csv("limits", "status").out()).contains(",100.5,5.5,0,95");
    assertThat(
            run("check", "--model", "m", "--input-tokens", "0", "--max-output-tokens", "24").err())
        .contains("of 100.5")
        .contains("used 5.5");
    Ran without =
        run("limits", "set", "w", "--max", "1", "--metric", "weighted-tokens", "--lifetime");
    assertThat(without.exit()).isEqualTo(Exit.USAGE);
    assertThat(without.err()).contains("needs weights");
    set[8] = "input=1";
    assertThat(run(set).exits(Exit.USAGE).err()).contains("--weights").contains("\"input=1\"");
    set[8] = "input=1,output=4";
    set[4] = "1.0005";
    assertThat(run(set).exits(Exit.USAGE).err()).contains("--max").contains("three decimals");
  }

  private Map<String, Object> starting(String calendar, String start) {
    return json(startingArguments(calendar, start)).object();
  }

  private static String[] startingArguments(String calendar, String start) {
    return new String[] {
      "limits",
      "set",
      "bill",
      "--max",
      "5",
      "--metric",
      "cost",
      "--calendar",
      calendar,
      "--starting",
      start,
      "--zone",
      "Europe/Berlin"
    };
  }

  private Object window(String option, String value, String... common) {
    return json("limits", "set", "w", option, value, common[0], common[1], common[2], common[3])
        .object()
        .get("window");
  }

  @Test
  void listsByNameInAllFormats() {
    done("limits", "set", "b", "--max", "5", "--metric", "requests", "--lifetime");
    done("limits", "unlimited", "a", "--metric", "cost", "--user", "root");

    assertThat(json("limits", "list").objects())
        .extracting(limit -> limit.get("name"), limit -> limit.get("maximum"))
        .containsExactly(tuple("a", null), tuple("b", 5L));
    assertThat(csv("limits", "list").out())
        .isEqualTo(
            """
            name,metric,maximum,window,action,watches,leased,set
            a,cost,,,exempt,"{""user"":""is root""}",,
            b,requests,5,lifetime,deny,{},,
            """);
    assertThat(done("limits", "list").lines())
        .containsExactly(
            "NAME  METRIC    MAXIMUM  WINDOW    ACTION  WATCHES",
            "a     cost            -  -         exempt  user=root",
            "b     requests        5  lifetime  deny    all calls");
  }

  @Test
  void showsHowEveryCounterStands() {
    done("limits", "set", "all", "--max", "1", "--metric", "cost", "--calendar", "1 day");
    done(
        "limits",
        "set",
        "each",
        "--max",
        "2",
        "--metric",
        "requests",
        "--lifetime",
        "--each",
        "user");
    done("track", "--model", "m", "--user", "u1", "--cost", "1.25");
    done("track", "--model", "m", "--user", "u2", "--cost", "0");

    List<Map<String, Object>> status = json("limits", "status").objects();

    assertThat(status)
        .extracting(s -> s.get("limit"), s -> s.get("subject"), s -> s.get("used"))
        .containsExactly(
            tuple("all", null, "1.25"), tuple("each", "user=u1", 1L), tuple("each", "user=u2", 1L));
    assertThat(status.get(0))
        .contains(
            entry("maximum", "1.00"),
            entry("held", "0.00"),
            entry("remaining", "0.00"),
            entry("overshoot", "0.25"),
            entry("resets_at", "2026-03-03T00:00:00Z"));
    assertThat(json("limits", "status", "each").objects()).hasSize(2);
    assertThat(csv("limits", "status", "all").lines())
        .containsExactly(
            "limit,subject,metric,maximum,used,held,remaining,overshoot,resets_at,percent",
            "all,,cost,1.00,1.25,0.00,0.00,0.25,2026-03-03T00:00:00Z,125");
    assertThat(done("limits", "status", "all").out()).contains("$1.25");
  }

  @Test
  void showsALimitThatNothingHasUsedYet() {
    done("limits", "set", "all", "--max", "9", "--metric", "requests", "--rolling", "1h");

    assertThat(json("limits", "status").objects())
        .singleElement()
        .satisfies(status -> assertThat(status).containsEntry("remaining", 9L));
  }

  @Test
  void deletes() {
    done("limits", "set", "a", "--max", "5", "--metric", "requests", "--lifetime");

    done("limits", "delete", "a").says("limit \"a\" was deleted");

    assertThat(json("limits", "list").objects()).isEmpty();
  }

  @Test
  void failsOnUnknownNamesAndNonsense() {
    done("limits", "set", "a", "--max", "5", "--metric", "requests", "--lifetime");

    run("limits", "show", "x").exits(Exit.FAILED).says("there is no limit \"x\"", "limits list");
    run("limits", "delete", "x").exits(Exit.FAILED).says("there is no limit \"x\"");
    run("limits", "status", "x").exits(Exit.FAILED).says("there is no limit \"x\"");
    refused("--max", "5", "--metric", "wishes", "--lifetime").says("input-tokens", "wishes");
    refused("--max", "5.5", "--metric", "requests", "--lifetime").says("whole number");
    refused("--max", "-5", "--metric", "requests", "--lifetime").says("-5");
    refused("--max", "5", "--metric", "requests").says("--rolling");
    refused("--max", "5", "--metric", "requests", "--lifetime", "--rolling", "1h");
    refused("--max", "5", "--metric", "requests", "--calendar", "1 decade").says("1 month");
    refused("--max", "5", "--metric", "requests", "--rolling", "0s")
        .says("window must be from 1ms");
    refused("--max", "5", "--metric", "requests", "--lifetime", "--each", "mood").says("tag:KEY");
    refused("--max", "5", "--metric", "requests", "--lifetime", "--each", "user", "--user", "u")
        .says("twice for user");
    refused("--max", "5", "--metric", "requests", "--lifetime", "--alert", "most").says("80%");
    refused("--max", "5", "--metric", "requests", "--lifetime", "--on-outage", "maybe")
        .says("open:AMOUNT");
    assertThat(json("limits", "show", "a").object()).containsEntry("window", "lifetime");
  }

  private Ran refused(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "limits";
    all[1] = "set";
    all[2] = "a";
    System.arraycopy(options, 0, all, 3, options.length);
    return run(all).exits(Exit.USAGE);
  }

  @Test
  void refusesNamesThatAreNotKnownWhereTheyAreEnforced() {
    done("users", "add", "alice");

    run(
            "--enforce-names",
            "limits",
            "set",
            "a",
            "--max",
            "5",
            "--metric",
            "requests",
            "--lifetime",
            "--user",
            "mallory")
        .exits(Exit.FAILED)
        .says("mallory");
  }

  /** faults E7: the audit log says who did it. */
  @Test
  void theAuditLogSaysWhoChangedALimit() {
    done("limits", "set", "cap", "--max", "5", "--metric", "requests", "--lifetime");
    done(
        "--actor",
        "ops",
        "limits",
        "set",
        "cap",
        "--max",
        "7",
        "--metric",
        "requests",
        "--lifetime");

    assertThat(json("audit", "list").objects())
        .extracting(entry -> entry.get("actor"))
        .containsExactlyInAnyOrder(System.getProperty("user.name"), "ops");
    assertThat(json("audit", "list").out()).contains("maximum=5", "maximum=7", "changed");
  }
}
