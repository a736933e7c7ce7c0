package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which limits watch a call. */
public class MatchingAcceptance extends AcceptanceTest {
  private static Limit daily(LimitBuilder limit, long requests) {
    return limit.requests(requests).calendar(1, CalendarUnit.DAY, UTC);
  }

  /** Scenario 22. */
  @Test
  final void aLimitOnUserAndCallerConcernsOnlyBothTogether() {
    save(daily(Limit.named("pair").user("user1").caller("app1"), 3));
    track(3, aCall().by("user1").caller("app1"));

    assertThat(check(aCall().by("user1").caller("app1"))).isDenied().byExactly("pair");
    assertThat(check(aCall().by("user2").caller("app1"))).isAdmitted();
    assertThat(check(aCall().by("user1").caller("app2"))).isAdmitted();
    assertThat(check(aCall().by("user1"))).isAdmitted();
  }

  /** Scenario 23. */
  @Test
  final void aLimitOnCallsWithoutAProjectConcernsNoOther() {
    save(daily(Limit.named("none").noProject(), 1));
    track(aCall());

    assertThat(check(aCall())).isDenied().byExactly("none");
    assertThat(check(aCall().in("P"))).isAdmitted();
  }

  /** Scenario 23. */
  @Test
  final void aLimitOnAllProjectsConcernsAllAndOneOnAProjectOnlyThat() {
    save(daily(Limit.named("all"), 2));
    save(daily(Limit.named("P").project("P"), 1));
    track(aCall().in("P"));

    assertThat(check(aCall().in("P"))).isDenied().byExactly("P");
    assertThat(check(aCall().in("Q"))).isAdmitted();
    assertThat(check(aCall())).isAdmitted();
    track(aCall());
    assertThat(check(aCall().in("Q"))).isDenied().byExactly("all");
    assertThat(check(aCall())).isDenied().byExactly("all");
  }

  /** Scenario 24. */
  @Test
  final void anExemptionLetsOneModelThroughAClosedDoor() {
    save(Limit.named("no model").eachModel().requests(0).lifetime());
    save(Limit.named("gpt-4").model("gpt-4").unlimited(Metric.REQUESTS));

    assertThat(check(aCall().on("gpt-4"))).isAdmitted();
    assertThat(check(aCall().on("gpt-3"))).isDenied().byExactly("no model").neverFits();
  }

  /** Scenario 24. */
  @Test
  final void anExemptionMayDependOnUserModelAndProject() {
    save(Limit.named("alice").user("alice").eachModel().requests(0).lifetime());
    save(Limit.named("alice gpt-4").user("alice").model("gpt-4").unlimited(Metric.REQUESTS));
    save(
        Limit.named("alice gpt-3.5 in X")
            .user("alice")
            .model("gpt-3.5")
            .project("X")
            .unlimited(Metric.REQUESTS));

    assertThat(check(aCall().by("alice").on("gpt-4"))).isAdmitted();
    assertThat(check(aCall().by("alice").on("gpt-4").in("Y"))).isAdmitted();
    assertThat(check(aCall().by("alice").on("gpt-3.5").in("X"))).isAdmitted();
    assertThat(check(aCall().by("alice").on("gpt-3.5").in("Y"))).isDenied();
    assertThat(check(aCall().by("alice").on("gpt-3.5"))).isDenied();
    assertThat(check(aCall().by("bob").on("gpt-3.5"))).isAdmitted();
  }

  /** Scenario 25. */
  @Test
  final void anExemptionLiftsNoLimitOfAnotherMetricWhateverTheOrder() {
    Limit global = Limit.named("global").cost(Cost.usd("1")).calendar(1, CalendarUnit.DAY, UTC);
    Limit exemption = Limit.named("bob").user("bob").unlimited(Metric.REQUESTS);
    for (List<Limit> order : List.of(List.of(global, exemption), List.of(exemption, global))) {
      order.forEach(this::save);
      assertThat(check(aCall().by("bob").costing("100"))).isDenied().byExactly("global");
      order.forEach(limit -> accounting().limits().delete(limit.name()));
    }
  }

  /** Scenario 25. */
  @Test
  final void exemptionsLiftTheSameLimitsInAnyOrderOfDefinition() {
    List<Limit> limits =
        new ArrayList<>(
            List.of(
                daily(Limit.named("all"), 1),
                daily(Limit.named("each user").eachUser(), 1),
                daily(Limit.named("bots").userPrefix("bot-"), 1),
                daily(Limit.named("bot-1").user("bot-1"), 1),
                Limit.named("free bots").userPrefix("bot-").unlimited(Metric.REQUESTS),
                Limit.named("free P").project("P").unlimited(Metric.REQUESTS)));
    for (int seed = 0; seed < 6; seed++) {
      Collections.shuffle(limits, new Random(seed));
      limits.forEach(this::save);

      assertThat(namesOf(aCall().by("bot-1"))).as("seed %d", seed).containsExactly("bot-1");
      assertThat(namesOf(aCall().by("bot-2"))).as("seed %d", seed).isEmpty();
      assertThat(namesOf(aCall().by("ann")))
          .as("seed %d", seed)
          .containsExactlyInAnyOrder("all", "each user");
      assertThat(namesOf(aCall().by("ann").in("P")))
          .as("seed %d", seed)
          .containsExactly("each user");
      limits.forEach(limit -> accounting().limits().delete(limit.name()));
    }
  }

  private List<String> namesOf(CallFixture call) {
    return accounting().quotas().status(call.request()).stream()
        .map(status -> status.limit().name())
        .toList();
  }

  /** Scenario 26. */
  @Test
  final void eachUserGetsFiveIsNotThatAllUsersShareFive() {
    save(daily(Limit.named("each").eachUser(), 5));
    track(5, aCall().by("a"));

    assertThat(check(aCall().by("a"))).isDenied().byExactly("each");
    assertThat(check(aCall().by("b"))).isAdmitted().leaves("each", 5);
    assertThat(check(aCall())).isAdmitted();
    assertThat(status("each", aCall().by("a")).subject()).isEqualTo("user=a");
    assertThat(status("each", aCall()).subject()).isEqualTo("user");

    save(daily(Limit.named("shared"), 5));
    assertThat(check(aCall().by("b"))).isDenied().byExactly("shared");
  }

  /** Counters of different values never share a row, however the values are spelled. */
  @Test
  final void countersOfDifferentValuesAreKeptApart() {
    save(daily(Limit.named("each").eachUser().eachProject(), 1));
    List<CallFixture> calls =
        List.of(
            aCall(),
            aCall().by("a"),
            aCall().in("a"),
            aCall().by("a").in("a"),
            aCall().in("p,user=a"),
            aCall().in("p").by("a"),
            aCall().in("p=").by("a"),
            aCall().in("p\\").by("a"),
            aCall().in("A").by("a"),
            aCall().in("é").by("a"),
            aCall().in("e\u0301").by("a"),
            aCall().in("p".repeat(255)).by("u".repeat(255)),
            aCall().in("p".repeat(255)).by("u".repeat(254)),
            aCall().in("\uD83D\uDE00".repeat(63)).by("\uD83D\uDE00".repeat(63)));
    for (CallFixture call : calls) {
      assertThat(check(call)).isAdmitted();
      track(call);
      assertThat(check(call)).isDenied();
    }
  }

  /** Scenario 27. */
  @Test
  final void aLimitOnAModelWatchesOnlyThatModel() {
    save(daily(Limit.named("m").model("m"), 0));

    assertThat(check(aCall().on("m"))).isDenied();
    assertThat(check(aCall().on("m2"))).isAdmitted();
    assertThat(check(aCall().on("other"))).isAdmitted();
  }

  /** Scenario 28. */
  @Test
  final void aDenialListsEveryLimitTheMostConstrainedFirst() {
    save(Limit.named("day").requests(1).calendar(1, CalendarUnit.DAY, UTC));
    save(Limit.named("bob hour").user("bob").requests(1).calendar(1, CalendarUnit.HOUR, UTC));
    save(Limit.named("closed").model("gpt-4").requests(0).lifetime());
    save(Limit.named("room").requests(100).lifetime());
    track(aCall().by("bob"));

    assertThat(check(aCall().by("bob").on("gpt-4")))
        .isDenied()
        .byExactly("closed", "day", "bob hour");
  }

  /** Every dimension that is known before the call can be watched. */
  @Test
  final void everyDimensionCanBeWatched() {
    save(daily(Limit.named("provider").provider("openai"), 0));
    save(daily(Limit.named("session").session("s1"), 0));
    save(daily(Limit.named("tag").tag("team", "red"), 0));
    save(daily(Limit.named("each tag").where(Dimension.tag("job"), Match.each()).user("u"), 1));
    save(daily(Limit.named("no tag").where(Dimension.tag("job"), Match.absent()).user("v"), 0));
    save(daily(Limit.named("models").modelPrefix("gpt-5"), 0));

    assertThat(check(aCall().on("x").provider("openai"))).isDenied().byExactly("provider");
    assertThat(check(aCall().on("x").session("s1"))).isDenied().byExactly("session");
    assertThat(check(aCall().on("x").tag("team", "red"))).isDenied().byExactly("tag");
    assertThat(check(aCall().on("x").tag("team", "blue"))).isAdmitted();
    assertThat(check(aCall().on("x").by("v"))).isDenied().byExactly("no tag");
    assertThat(check(aCall().on("x").by("v").tag("job", "1"))).isAdmitted();
    assertThat(check(aCall().on("gpt-5.1"))).isDenied().byExactly("models");
    track(aCall().on("x").by("u").tag("job", "1"));
    assertThat(check(aCall().on("x").by("u").tag("job", "1"))).isDenied().byExactly("each tag");
    assertThat(check(aCall().on("x").by("u").tag("job", "2"))).isAdmitted();
    assertThat(check(aCall().on("x").by("u"))).isAdmitted();
  }

  /** An exemption for a project does not lift a person's own cap. */
  @Test
  final void anExemptionLiftsOnlyWhatItIsAtLeastAsTightAs() {
    save(daily(Limit.named("ann").user("ann"), 0));
    save(daily(Limit.named("ann in P").user("ann").project("P"), 0));
    save(Limit.named("P").project("P").unlimited(Metric.REQUESTS));

    assertThat(check(aCall().by("ann").in("P"))).isDenied().byExactly("ann", "ann in P");

    save(Limit.named("ann free").user("ann").unlimited(Metric.REQUESTS));
    assertThat(check(aCall().by("ann").in("P"))).isDenied().byExactly("ann in P");
    save(Limit.named("both").user("ann").project("P").unlimited(Metric.REQUESTS));
    assertThat(check(aCall().by("ann").in("P"))).isAdmitted();
  }
}
