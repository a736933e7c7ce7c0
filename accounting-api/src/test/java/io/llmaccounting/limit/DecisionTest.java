package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RequestSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");
  private static final Limit LIMIT =
      Limit.named("hourly").cost(Cost.usd("5")).rolling(Duration.ofHours(1));

  private static Exceeded exceeded(Instant fits) {
    return new Exceeded(
        new LimitStatus(LIMIT, "user=alice", NOON, 4_990_000_000L, 0, null, Duration.ZERO),
        20_000_000,
        Exceeded.Reason.SPENT,
        fits);
  }

  @Test
  void deniedWaitsForTheLastLimit() {
    Decision.Denied denied =
        new Decision.Denied(
            List.of(exceeded(NOON.plusSeconds(9).plusNanos(1_000)), exceeded(NOON.plusSeconds(3))),
            NOON);

    assertThat(denied.isAdmitted()).isFalse();
    assertThat(denied.retryAfter()).contains(Duration.ofSeconds(9).plusNanos(1_000));
    assertThat(denied.neverFits()).isFalse();
  }

  /** Scenario 21: coarser units round up. */
  @Test
  void deniedRoundsSecondsUp() {
    assertThat(
            new Decision.Denied(List.of(exceeded(NOON.plusSeconds(9).plusNanos(1_000))), NOON)
                .retryAfterSeconds())
        .contains(10L);
    assertThat(
            new Decision.Denied(List.of(exceeded(NOON.plusSeconds(9))), NOON).retryAfterSeconds())
        .contains(9L);
  }

  @Test
  void deniedForeverSaysSo() {
    Decision.Denied denied =
        new Decision.Denied(Arrays.asList(exceeded(null), exceeded(NOON.plusSeconds(1))), NOON);

    assertThat(denied.neverFits()).isTrue();
    assertThat(denied.retryAfter()).isEmpty();
    assertThat(new QuotaExceededException(denied))
        .hasMessageContaining("never fits")
        .hasMessageContaining("user=alice")
        .hasMessageContaining("$0.02");
    assertThat(new QuotaExceededException(denied).retryAfter()).isEmpty();
    // faults D5
    assertThat(new QuotaExceededException(denied).limitName()).isEqualTo(LIMIT.name());
    assertThat(denied.primary()).isEqualTo(exceeded(null));
  }

  @Test
  void deniedForWantOfAPriceNamesTheModel() {
    Decision.Denied unpriced =
        new Decision.Denied(
            List.of(
                exceeded(NOON.plusSeconds(1)),
                new Exceeded(exceeded(null).status(), 0, Exceeded.Reason.UNPRICED, null)),
            NOON);
    CallRequest call = CallRequest.to("gpt-9");

    assertThat(new QuotaExceededException(unpriced, call.provider("openai")))
        .hasMessageEndingWith("; no price is known of the model \"gpt-9\" of openai");
    assertThat(new QuotaExceededException(unpriced, call))
        .hasMessageEndingWith("of the model \"gpt-9\" of no known provider");
    assertThat(new QuotaExceededException(new Decision.Denied(List.of(exceeded(null)), NOON), call))
        .hasMessageEndingWith("never fits");
  }

  private static Exceeded because(Exceeded.Reason reason, Instant fits) {
    return new Exceeded(exceeded(fits).status(), 1, reason, fits);
  }

  private static Exceeded atOnce() {
    Limit limit = Limit.named("at once").concurrentCalls(1);
    return new Exceeded(
        new LimitStatus(limit, "", NOON, 0, 1, null, Duration.ZERO),
        1,
        Exceeded.Reason.SPENT,
        NOON.plusSeconds(600));
  }

  private static Decision.Denied denied(Exceeded... exceeded) {
    return new Decision.Denied(List.of(exceeded), NOON);
  }

  /**
   * Calls under way end, a missing price is not the caller's fault: only what is in vain is 403.
   */
  @Test
  void theHttpStatusSaysWhetherWaitingHelps() {
    Exceeded later = exceeded(NOON.plusSeconds(3));
    Exceeded never = exceeded(null);
    Exceeded unpriced = because(Exceeded.Reason.UNPRICED, null);
    Exceeded away = because(Exceeded.Reason.OUTAGE, NOON.plusSeconds(1));

    assertThat(denied(later).httpStatus()).isEqualTo(429);
    assertThat(denied(atOnce()).httpStatus()).isEqualTo(429);
    assertThat(denied(atOnce()).retryAfterSeconds()).isEmpty();
    assertThat(denied(atOnce(), later).httpStatus()).isEqualTo(429);
    assertThat(denied(atOnce(), later).retryAfterSeconds()).contains(3L);
    assertThat(denied(never, atOnce()).httpStatus()).isEqualTo(403);
    assertThat(denied(unpriced, later).httpStatus()).isEqualTo(503);
    assertThat(denied(unpriced, never).httpStatus()).isEqualTo(403);
    assertThat(denied(away).httpStatus()).isEqualTo(503);
    assertThat(denied(away).retryAfterSeconds()).contains(1L);
  }

  @Test
  void deniedNeedsAReason() {
    assertThatThrownBy(() -> new Decision.Denied(List.of(), NOON))
        .hasMessageContaining("at least one");
    assertThatThrownBy(
            () ->
                new Reservation(new Decision.Denied(List.of(exceeded(null)), NOON), null)
                    .hold()
                    .get())
        .isInstanceOf(java.util.NoSuchElementException.class);
  }

  @Test
  void explainsOtherReasons() {
    LimitStatus status = new LimitStatus(LIMIT, "", NOON, 0, 0, null, Duration.ZERO);

    assertThat(new Exceeded(status, 0, Exceeded.Reason.UNPRICED, null).toString())
        .contains("unknown cost");
    assertThat(new Exceeded(status, 0, Exceeded.Reason.OUTAGE, null).toString())
        .contains("not reachable");
  }

  /** faults D5: what is left says its unit, and shows debt. */
  @Test
  void statusShowsWhatIsLeftAndWhatIsTooMuch() {
    Limit daily = Limit.named("d").totalTokens(100).calendar(1, CalendarUnit.DAY, ZoneOffset.UTC);
    LimitStatus fine =
        new LimitStatus(
            daily, "", NOON, 50, 10, ((Window.Calendar) daily.window()).at(NOON), Duration.ZERO);
    LimitStatus over = new LimitStatus(daily, "", NOON, 120, 0, null, Duration.ZERO);
    LimitStatus free =
        new LimitStatus(
            Limit.named("f").unlimited(Metric.COST), "", NOON, 1, 0, null, Duration.ZERO);

    assertThat(fine.remaining()).hasToString("40 tokens");
    assertThat(fine.overshoot()).isZero();
    assertThat(fine.resetsAt()).contains(Instant.parse("2026-03-16T00:00:00Z"));
    assertThat(over.remaining()).hasToString("-20 tokens");
    assertThat(over.remaining().isDebt()).isTrue();
    assertThat(over.remaining().units()).isEqualTo(-20);
    assertThat(
            new LimitStatus(daily, "", NOON, Long.MAX_VALUE, Long.MAX_VALUE, null, Duration.ZERO)
                .remaining())
        .isEqualTo(new Amount(Metric.TOTAL_TOKENS, -Long.MAX_VALUE));
    assertThat(new Amount(Metric.COST, -400_000_000L)).hasToString("-$0.40");
    assertThat(new Amount(Metric.REQUESTS, 1)).hasToString("1 request");
    assertThat(over.overshoot()).isEqualTo(20);
    assertThat(free.remaining()).hasToString("unlimited");
  }

  @Test
  void requestsSayWhoAndHowMuch() {
    CallRequest request =
        CallRequest.to("m")
            .provider("p")
            .operation("chat")
            .project("x")
            .user("u")
            .caller("c")
            .session("s")
            .tag("t", "v")
            .inputTokens(5)
            .maxOutputTokens(6)
            .cost(Cost.usd("1"))
            .serviceTier("flex")
            .throughBatch()
            .region("eu")
            .key("k")
            .holdFor(Duration.ofMinutes(2))
            .asked(new RequestSettings(7L, 0.5, 0.9, 2L, "test/1"));

    assertThat(request)
        .isEqualTo(
            new CallRequest(
                "m",
                "p",
                "chat",
                new io.llmaccounting.usage.Attribution(
                    "x", "u", "c", "s", java.util.Map.of("t", "v")),
                5L,
                6L,
                Cost.usd("1"),
                "flex",
                true,
                "eu",
                "k",
                Duration.ofMinutes(2),
                new RequestSettings(7L, 0.5, 0.9, 2L, "test/1")));
    assertThatThrownBy(() -> request.holdFor(Duration.ZERO)).hasMessageContaining("holdFor");
    assertThatThrownBy(() -> request.inputTokens(-1)).hasMessageContaining("inputTokens");
  }
}
