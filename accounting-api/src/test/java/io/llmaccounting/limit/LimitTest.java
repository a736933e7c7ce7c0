package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static final Attribution ALICE = Attribution.NONE.withUser("alice");

  private static LimitBuilder limit() {
    return Limit.named("l");
  }

  @Test
  void readsLeftToRight() {
    Limit hourly =
        Limit.named("alice hourly")
            .user("alice")
            .cost(Cost.usd("5.00"))
            .rolling(Duration.ofHours(1));

    assertThat(hourly.metric()).isEqualTo(Metric.COST);
    assertThat(hourly.maximum()).isEqualTo(5_000_000_000L);
    assertThat(hourly)
        .hasToString("COST limit \"alice hourly\" of $5.00, rolling PT1H, user is alice");
  }

  @Test
  void watchesWhatItsMatchersMean() {
    assertThat(limit().user("alice").requests(1).lifetime().watches("m", null, ALICE)).isTrue();
    assertThat(limit().user("bob").requests(1).lifetime().watches("m", null, ALICE)).isFalse();
    assertThat(limit().userPrefix("al").requests(1).lifetime().watches("m", null, ALICE)).isTrue();
    assertThat(limit().noUser().requests(1).lifetime().watches("m", null, ALICE)).isFalse();
    assertThat(limit().eachUser().requests(1).lifetime().watches("m", null, Attribution.NONE))
        .isTrue();
    assertThat(limit().model("x").requests(1).lifetime().watches("m", null, ALICE)).isFalse();
    assertThat(limit().provider("p").requests(1).lifetime().watches("m", "p", ALICE)).isTrue();
    assertThat(
            limit()
                .tag("team", "a")
                .requests(1)
                .lifetime()
                .watches("m", null, ALICE.withTag("team", "a")))
        .isTrue();
  }

  @Test
  void liftsOnlyWhatItConstrainsAtLeastAsTightly() {
    Limit everybody = limit().cost(Cost.usd("1")).lifetime();
    Limit aliceOnly = Limit.named("alice").user("alice").cost(Cost.usd("1")).lifetime();
    Limit projectFree = Limit.named("free").project("x").unlimited(Metric.COST);
    Limit aliceFree = Limit.named("af").user("alice").unlimited(Metric.COST);

    assertThat(projectFree.lifts(everybody)).isTrue();
    assertThat(projectFree.lifts(aliceOnly)).isFalse();
    assertThat(aliceFree.lifts(aliceOnly)).isTrue();
    assertThat(aliceFree.lifts(limit().requests(1).lifetime())).isFalse();
    assertThat(everybody.lifts(aliceOnly)).isFalse();
    assertThat(aliceFree.lifts(projectFree)).isFalse();
  }

  @Test
  void saysHowLateUsageMayLeaveAtMost() {
    Duration hour = Duration.ofHours(1);

    assertThat(limit().requests(120).rolling(hour).grain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(limit().requests(120).rolling(hour).isCoarse()).isFalse();
    assertThat(limit().requests(120).calendar(1, CalendarUnit.DAY, ZoneOffset.UTC).grain())
        .isZero();
    assertThat(limit().inputTokens(5).rolling(hour).grain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(limit().inputTokens(5).rollingMonths(1).grain()).isEqualTo(Duration.ofHours(6));
    assertThat(limit().inputTokens(5).rollingMonths(2).grain()).isEqualTo(Duration.ofDays(1));
    assertThat(limit().inputTokens(5).rolling(hour).withGrain(Duration.ofSeconds(6)).grain())
        .isEqualTo(Duration.ofSeconds(6));
    assertThat(limit().inputTokens(5).rolling(Duration.ofMillis(1)).grain()).isPositive();
  }

  /** Scenario 30. */
  @Test
  void refusesNonsenseAtDefinition() {
    assertThatThrownBy(() -> limit().requests(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> limit().user(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> Limit.named("")).hasMessageContaining("limit name");
    assertThatThrownBy(
            () -> limit().where(Dimension.OUTCOME, Match.is("FAILED")).requests(1).lifetime())
        .hasMessageContaining("known before a call");
    assertThatThrownBy(() -> limit().requests(1).lifetime().alertingAt(0))
        .hasMessageContaining("alert percent");
    assertThatThrownBy(() -> limit().requests(1).lifetime().withGrain(Duration.ofSeconds(1)))
        .hasMessageContaining("grain must be absent");
    assertThatThrownBy(
            () -> limit().requests(1).rolling(Duration.ofHours(1)).withGrain(Duration.ofMinutes(5)))
        .hasMessageContaining("grain in microseconds");
    assertThatThrownBy(() -> limit().requests(1).rollingMonths(1).withGrain(Duration.ofHours(7)))
        .hasMessageContaining("divide a day");
    assertThatThrownBy(() -> new UnpricedPolicy(UnpricedPolicy.Kind.CHARGE, Cost.ZERO))
        .hasMessageContaining("ceiling");
    assertThatThrownBy(() -> OutagePolicy.failOpen(0)).hasMessageContaining("openAmount");
  }

  @Test
  void keepsItsPolicies() {
    Limit limit =
        limit()
            .eachUser()
            .eachProject()
            .eachModel()
            .eachCaller()
            .eachSession()
            .of(Metric.COST, 10)
            .calendar(1, CalendarUnit.MONTH, ZoneOffset.UTC)
            .warning()
            .alertingAt(50, 80)
            .onOutage(OutagePolicy.failOpen(Cost.usd("1")))
            .onUnpriced(UnpricedPolicy.charge(Cost.usd("2")))
            .withMaximum(20);

    assertThat(limit.action()).isEqualTo(LimitAction.WARN);
    assertThat(limit.alertPercents()).containsExactly(50, 80);
    assertThat(limit.outage().isOpen()).isTrue();
    assertThat(limit.unpriced().ceiling()).isEqualTo(Cost.usd("2"));
    assertThat(limit.maximum()).isEqualTo(20);
    assertThat(limit.who()).hasSize(5);
    assertThat(limit.withMaximum(Cost.usd("3")).maximum()).isEqualTo(3_000_000_000L);
    assertThatThrownBy(() -> limit().requests(1).lifetime().withMaximum(Cost.usd("3")))
        .hasMessageContaining("must be a number");
  }

  @Test
  void namesOneValueOrPrefixOrNone() {
    Limit limit =
        limit()
            .modelPrefix("gpt-")
            .projectPrefix("team-")
            .caller("app")
            .session("s")
            .totalTokens(5)
            .lifetime();
    Attribution who = new Attribution("team-a", null, "app", "s", java.util.Map.of());

    assertThat(limit.watches("gpt-5", null, who)).isTrue();
    assertThat(limit.watches("claude", null, who)).isFalse();
    assertThat(limit().noProject().outputTokens(5).lifetime().watches("m", null, who)).isFalse();
    assertThat(limit().project("team-a").outputTokens(5).lifetime().watches("m", null, who))
        .isTrue();
  }
}
