package io.llmaccounting.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.json.limits.LimitFileException;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitSetYamlTest {
  @Test
  void takesValuesAsTheyAreWritten() {
    LimitSet set =
        LimitSetYaml.read(
            """
            # who may spend what
            set: production
            limits:
              - name: on            # a text, and no truth value
                metric: cost
                max: 0.10
                lifetime: yes_or_true_only
            """
                .replace("yes_or_true_only", "true"));

    assertThat(set)
        .isEqualTo(LimitSet.of("production", Limit.named("on").cost(Cost.usd("0.10")).lifetime()));
  }

  @Test
  void readsListsAndFieldsInBothStyles() {
    LimitSet set =
        LimitSetYaml.read(
            """
            set: s
            limits:
            - name: "user burst"
              metric: requests
              max: 20
              rolling: 1m
              each: [user]
              tags: {team: blue, tier: 1}
              on-outage: open:5
              alerts:
                - 80%
                - 100
            """);

    assertThat(set.limits())
        .containsExactly(
            Limit.named("user burst")
                .eachUser()
                .tag("team", "blue")
                .tag("tier", "1")
                .requests(20)
                .rolling(Duration.ofMinutes(1))
                .onOutage(OutagePolicy.failOpen(5))
                .alertingAt(80, 100));
  }

  @Test
  void readsPartsThatAreReferredTo() {
    StringBuilder text =
        new StringBuilder(
            """
            set: s
            limits:
              - {name: a, metric: requests, max: 1, lifetime: true, alerts: &usual [80, 100]}
            """);
    for (int i = 0; i < 200; i++) {
      text.append("  - {name: l").append(i);
      text.append(", metric: requests, max: 1, lifetime: true, alerts: *usual}\n");
    }

    assertThat(LimitSetYaml.read(text.toString()).limits())
        .hasSize(201)
        .allSatisfy(limit -> assertThat(limit.alertPercents()).containsExactly(80, 100));
  }

  @Test
  void readsJson() {
    assertThat(LimitSetYaml.read("{\"set\": \"s\", \"limits\": []}")).isEqualTo(LimitSet.of("s"));
  }

  @Test
  void namesTheLineOfEveryProblem() {
    List<String> problems =
        problems(
            """
            set: s
            limits:
              - name: a
                metric: cost
                max: 5 dollars
                rolling: 1h
              - name: b
                metric: requests
                max:
                rollng: 1h
            """);

    assertThat(problems).hasSize(4);
    assertThat(problems.get(0)).startsWith("line 5: \"a\".max").contains("5 dollars");
    assertThat(problems.get(1))
        .startsWith("line 9: \"b\".max must be a single value, had no value");
    assertThat(problems.get(2)).startsWith("line 7: \"b\": a window is required");
    assertThat(problems.get(3)).startsWith("line 10: \"b\".rollng is not known here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a file of limits must not be empty",
        "just text | line 1: a file of limits must have fields",
        "set: a#set: b | line 2: a field must be given once, was given twice: set",
        "set: [a | line 1: not YAML: ",
        "set: !!java/object:java.io.File x | line 1: tags mean nothing here",
        "set: a#---#set: b | line 2: not YAML: "
      })
  void refusesWhatIsNoFileOfLimits(String text, String problem) {
    assertThat(problems(text.replace('#', '\n')).get(0)).startsWith(problem);
  }

  /** Each level names the one before ten times: a billion values from ten lines. */
  @Test
  void aFileThatRefersToItselfStaysWithinBounds() {
    StringBuilder bomb = new StringBuilder("set: s\nl0: &l0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 10; level++) {
      String before = "*l" + (level - 1);
      bomb.append("l").append(level).append(": &l").append(level).append(" [");
      bomb.append((before + ", ").repeat(9)).append(before).append("]\n");
    }

    assertThat(problems(bomb.toString()).get(0)).contains("a file of limits must be at most");
    assertThat(problems("set: &a [*a]\nlimits: []").get(0)).contains("a file of limits must be");
  }

  private static List<String> problems(String text) {
    try {
      LimitSetYaml.read(text);
    } catch (LimitFileException e) {
      return e.problems();
    }
    throw new AssertionError("was read: " + text);
  }
}
