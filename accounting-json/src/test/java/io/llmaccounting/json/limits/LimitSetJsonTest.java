package io.llmaccounting.json.limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitSetJsonTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static LimitSet read(String json) throws IOException {
    return LimitSetJson.read(new ByteArrayInputStream(json.getBytes(UTF_8)));
  }

  private static LimitSet one(String fields) throws IOException {
    return read("{\"set\": \"s\", \"limits\": [{%s}]}".formatted(fields));
  }

  private static List<String> problems(String json) {
    List<String> problems = new ArrayList<>();
    assertThatExceptionOfType(LimitFileException.class)
        .isThrownBy(() -> read(json))
        .satisfies(e -> problems.addAll(e.problems()));
    return problems;
  }

  @Test
  void readsEveryField() throws IOException {
    LimitSet set =
        one(
            """
            "name": "a", "metric": "weighted-tokens", "max": 12.5, "calendar": "2 months",
            "zone": "Europe/Berlin", "starting": "31 06:00",
            "model": "gpt-*", "provider": "openai", "project": {"prefix": "p"},
            "user": {"is": "odd*"}, "tags": {"team": "blue", "tier": "go*"},
            "each": ["caller"], "absent": ["session", "tag:env"],
            "action": "warn", "alerts": [80, "100%"], "on-outage": "open:3",
            "unpriced": "0.05", "weights": {"input": 1, "output": "4", "cache-read": 0.1}
            """);

    Limit expected =
        Limit.named("a")
            .where(Dimension.MODEL, Match.prefix("gpt-"))
            .where(Dimension.PROVIDER, Match.is("openai"))
            .where(Dimension.PROJECT, Match.prefix("p"))
            .where(Dimension.USER, Match.is("odd*"))
            .where(Dimension.tag("team"), Match.is("blue"))
            .where(Dimension.tag("tier"), Match.prefix("go"))
            .where(Dimension.CALLER, Match.each())
            .where(Dimension.SESSION, Match.absent())
            .where(Dimension.tag("env"), Match.absent())
            .of(Metric.WEIGHTED_TOKENS, 12_500, TokenWeights.of("1", "4").cacheRead("0.1"))
            .over(
                new Window.Calendar(2, CalendarUnit.MONTH, BERLIN)
                    .startingOn(31)
                    .startingAt(LocalTime.of(6, 0)))
            .warning()
            .alertingAt(80, 100)
            .onOutage(OutagePolicy.failOpen(3_000))
            .onUnpriced(UnpricedPolicy.charge(Cost.usd("0.05")));
    assertThat(set).isEqualTo(LimitSet.of("s", expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'rolling': '1h30m', 'grain': '30s' | rolling PT1H30M",
        "'rolling': 'PT1H' | rolling PT1H",
        "'rolling-months': 3 | rolling-months 3",
        "'calendar': 'day' | calendar 1 DAY America/New_York",
        "'calendar': '1 week', 'zone': 'UTC', 'starting': 'tuesday' | calendar 1 WEEK UTC starting TUESDAY",
        "'calendar': '1 year', 'starting': '04-06' | calendar 1 YEAR America/New_York starting 04-06",
        "'lifetime': true, 'leased': true | lifetime"
      })
  void readsEveryWindow(String fields, String window) throws IOException {
    String json =
        "{\"set\": \"s\", \"zone\": \"America/New_York\", \"limits\": [{\"name\": \"a\","
            + " \"metric\": \"requests\", \"max\": 5, "
            + fields.replace('\'', '"')
            + "}]}";

    assertThat(read(json).limits())
        .extracting(limit -> limit.window().toString())
        .containsExactly(window);
  }

  @Test
  void readsExemptionsCallsUnderWayAndTermsOfLeases() throws IOException {
    LimitSet set =
        read(
            """
            {"set": "s", "limits": [
              {"name": "free", "metric": "cost", "max": "unlimited", "user": "root"},
              {"name": "at once", "metric": "concurrent", "max": 5, "each": ["user"]},
              {"name": "leased", "metric": "cost", "max": 100, "calendar": "month", "leased": "30s"},
              {"name": "not leased", "metric": "cost", "max": 100, "calendar": "month", "leased": false,
               "unpriced": "admit", "on-outage": "closed", "action": "deny", "alerts": []}
            ]}
            """);

    Limit monthly =
        Limit.named("not leased")
            .cost(Cost.usd("100"))
            .over(Window.calendarMonth(ZoneId.of("UTC")));
    assertThat(set.limits())
        .containsExactly(
            Limit.named("at once").eachUser().concurrentCalls(5),
            Limit.named("free").user("root").unlimited(Metric.COST),
            Limit.named("leased")
                .cost(Cost.usd("100"))
                .over(Window.calendarMonth(ZoneId.of("UTC")))
                .leased(Duration.ofSeconds(30)),
            monthly.onUnpriced(UnpricedPolicy.ADMIT));
  }

  @Test
  void anEmptyListIsASetThatOwnsNothing() throws IOException {
    assertThat(read("{\"set\": \"s\", \"limits\": []}")).isEqualTo(LimitSet.of("s"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'max': 'much' | \"a\".max must be a whole number for requests, was \"much\"",
        "'metric': 'calls' | \"a\".metric must be one of requests, input-tokens, uncached-input-tokens, output-tokens, total-tokens, weighted-tokens, cost, concurrent, was \"calls\"",
        "'rolling': '1 hour' | \"a\".rolling must be a duration such as 640ms, 1.5s, 90m, 1h30m, 7d or PT1H, was \"1 hour\"",
        "'rolling': '0s' | \"a\".rolling: rolling window must be from PT0.001S to P36500D, was PT0S, was \"0s\"",
        "'rolling': null | \"a\".rolling must be a single value, had no value",
        "'alerts': 80 | \"a\".alerts must be a list, was \"80\"",
        "'alerts': ['most'] | \"a\".alerts must be whole percents such as 80 or 80%, was \"most\"",
        "'alerts': [0] | \"a\": alert percent must be from 1 to 1000, was 0",
        "'each': ['usr'] | \"a\".each must name model, provider, project, user, caller, session or tag:NAME, was \"usr\"",
        "'user': 'x', 'each': ['user'] | \"a\": what a limit watches must be said once for each dimension, was said twice for user",
        "'user': {'like': 'x'} | \"a\".user.like is not known here; known are is, prefix",
        "'user': ' x' | \"a\".user must not start or end with blanks, was \" x\"",
        "'unpriced': 'maybe' | \"a\".unpriced must be deny, admit or US dollars above zero such as 0.05, was \"maybe\"",
        "'on-outage': 'open' | \"a\".on-outage must be closed, or open:AMOUNT, was \"open\"",
        "'leased': '2d' | \"a\": term of leases of limit \"a\" must be from PT1S to PT1H, was PT48H",
        "'weights': {'input': 1} | \"a\": weights must be like \"input=1,output=4,cache-read=0.1\"",
        "'windw': '1h' | \"a\".windw is not known here; known are ",
        "'lifetime': true | \"a\": one window is enough, was given rolling and lifetime",
        "'starting': '31' | \"a\": starting goes with calendar only"
      })
  void saysFieldValueAndWhatWouldBeRight(String wrong, String problem) {
    String fields = wrong.replace('\'', '"');
    StringBuilder json = new StringBuilder("{\"set\": \"s\", \"limits\": [\n{\"name\": \"a\"");
    for (String field : List.of("\"metric\": \"requests\"", "\"max\": 5", "\"rolling\": \"1h\"")) {
      if (!fields.startsWith(field.substring(0, field.indexOf(':') + 1))) {
        json.append(", ").append(field);
      }
    }
    json.append(",\n").append(fields).append("}]}");

    List<String> problems = problems(json.toString());

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).matches("line [23]: .*").contains(problem);
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    List<String> problems =
        problems(
            """
            {"set": "s", "zone": "Mars/North",
             "limits": [
              {"name": "a", "metric": "requests"},
              {"metric": "cost", "max": 1, "lifetime": true},
              {"name": "a", "metric": "cost", "max": "1,5", "lifetime": true},
              7
             ],
             "limit": []}
            """);

    assertThat(problems)
        .satisfiesExactly(
            zone -> assertThat(zone).startsWith("line 1: zone").contains("Mars/North"),
            max ->
                assertThat(max)
                    .isEqualTo("line 3: \"a\": max is required: how much is allowed, or unlimited"),
            window ->
                assertThat(window)
                    .startsWith("line 3: \"a\": a window is required: one of rolling"),
            name -> assertThat(name).startsWith("line 4: limits[2]: name is required"),
            twin ->
                assertThat(twin)
                    .isEqualTo("line 5: \"a\": a limit of this name is there already, on line 3"),
            amount -> assertThat(amount).startsWith("line 5: \"a\".max"),
            seven ->
                assertThat(seven).isEqualTo("line 6: limits[4] must have fields such as \"name\""),
            other ->
                assertThat(other)
                    .isEqualTo("line 8: limit is not known here; known are limits, set, zone"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a file of limits must not be empty",
        "[] | line 1: a file of limits must have fields",
        "{} | line 1: set is required: the name of the set, which owns these limits",
        "{\"set\": \"s\"} | line 1: limits is required: a list of limits; [] to remove all that the set owns",
        "{\"set\": 1 | line 1: not JSON: ",
        "{\"set\": \"s\", \"set\": \"s\"} | line 1: not JSON: Duplicate field 'set'",
        "{\"set\": \"s\", \"limits\": []} {} | line 1: a file of limits must be one object in braces",
        "{\"set\": \" \", \"limits\": []} | name of a set of limits must not be blank"
      })
  void refusesWhatIsNoFileOfLimits(String json, String problem) {
    assertThat(problems(json).get(0)).startsWith(problem);
  }

  @Test
  void readsWhatItWrites() throws IOException {
    LimitSet set =
        LimitSet.of(
            "all",
            Limit.named("a")
                .requests(5)
                .rolling(Duration.ofMillis(1_500))
                .withGrain(Duration.ofMillis(10))
                .alertingAt(5, 90),
            Limit.named("b").totalTokens(5).rollingMonths(2).warning(),
            Limit.named("c")
                .cost(Cost.usd("0.000000001"))
                .over(Window.calendarWeek(BERLIN).startingOn(DayOfWeek.FRIDAY)),
            Limit.named("d")
                .requests(0)
                .over(
                    new Window.Calendar(1, CalendarUnit.YEAR, BERLIN)
                        .startingOn(MonthDay.of(2, 29))
                        .startingAt(LocalTime.of(1, 5))),
            Limit.named("e")
                .eachUser()
                .noProject()
                .tag("x", "*")
                .tag("y", "b*")
                .user("\"q\"")
                .concurrentCalls(3),
            Limit.named("f").userPrefix("bot-").unlimited(Metric.REQUESTS),
            Limit.named("g")
                .weightedTokens(7, TokenWeights.of("1", "2.5").reasoning("3"))
                .lifetime()
                .leased(Duration.ofMillis(2_500)),
            Limit.named("h")
                .cost(Cost.usd("3"))
                .lifetime()
                .onOutage(OutagePolicy.failOpen(Cost.usd("0.5")))
                .onUnpriced(UnpricedPolicy.charge(Cost.usd("0.01"))),
            Limit.named("i")
                .cost(Cost.usd("3"))
                .calendar(15, CalendarUnit.MINUTE, ZoneOffset.ofHours(5))
                .onUnpriced(UnpricedPolicy.ADMIT));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    LimitSetJson.write(out, set);

    assertThat(read(out.toString(UTF_8))).as(out.toString(UTF_8)).isEqualTo(set);
    assertThat(LimitSetForm.read(LimitSetForm.write(set))).isEqualTo(set);
  }
}
