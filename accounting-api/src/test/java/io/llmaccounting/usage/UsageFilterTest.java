package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class UsageFilterTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");

  private static final RecordedUsage CALL =
      recorded(
          new UsageBuilder(NOON, UsageId::floor)
              .model("m")
              .provider("p")
              .project("search")
              .user("alice")
              .caller("ranker")
              .session("s1")
              .tag("team", "core")
              .operation("chat")
              .responseModel("m-1")
              .build());

  private static RecordedUsage recorded(Usage usage) {
    return new RecordedUsage(usage, NOON, NOON, false, null);
  }

  @Test
  void meansRecordsThatSatisfyEveryMatch() {
    UsageFilter filter =
        UsageFilter.all()
            .model("m")
            .provider("p")
            .project("search")
            .user("alice")
            .caller("ranker")
            .session("s1")
            .tag("team", "core")
            .with(Dimension.OPERATION, Match.is("chat"))
            .with(Dimension.RESPONSE_MODEL, Match.prefix("m-"))
            .with(Dimension.OUTCOME, Match.is("SUCCEEDED"))
            .with(Dimension.SOURCE, Match.is("MISSING"));

    assertThat(filter.test(CALL)).isTrue();
    assertThat(filter.user("bob").test(CALL)).isFalse();
    assertThat(UsageFilter.all().with(Dimension.USER, Match.absent()).test(CALL)).isFalse();
    assertThat(UsageFilter.all().with(Dimension.tag("x"), Match.absent()).test(CALL)).isTrue();
  }

  @Test
  void tellsPricedFromUnpriced() {
    assertThat(UsageFilter.all().unpriced().test(CALL)).isTrue();
    assertThat(
            UsageFilter.all()
                .unpriced()
                .test(
                    new RecordedUsage(
                        CALL.usage(), NOON, NOON, false, new PricedCost(Cost.ZERO, "row"))))
        .isFalse();
  }

  @Test
  void refusesToChooseEach() {
    assertThatThrownBy(() -> UsageFilter.all().with(Dimension.USER, Match.each()))
        .hasMessageContaining("was each");
  }

  @Test
  void matchesSayWhatIsTighter() {
    Match is = Match.is("bot-7");
    Match prefix = Match.prefix("bot-");

    assertThat(is.isAtLeastAsTightAs(prefix)).isTrue();
    assertThat(prefix.isAtLeastAsTightAs(is)).isFalse();
    assertThat(prefix.isAtLeastAsTightAs(Match.each())).isTrue();
    assertThat(Match.absent().isAtLeastAsTightAs(Match.each())).isTrue();
    assertThat(Match.each().isAtLeastAsTightAs(prefix)).isFalse();
    assertThat(is.isAtLeastAsTightAs(Match.absent())).isFalse();
    assertThatThrownBy(() -> new Match(Match.Kind.EACH, "x")).hasMessageContaining("EACH");
    assertThat(prefix).hasToString("prefix bot-");
  }

  @Test
  void dimensionsKnowWhatIsKnownBeforeTheCall() {
    assertThat(Dimension.tag("team").isKnownBeforeTheCall()).isTrue();
    assertThat(Dimension.OUTCOME.isKnownBeforeTheCall()).isFalse();
    assertThatThrownBy(() -> Dimension.OUTCOME.of("m", null, Attribution.NONE))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Dimension(Dimension.Kind.TAG, null))
        .hasMessageContaining("tagName");
    assertThat(Dimension.tag("a")).isLessThan(Dimension.tag("b")).hasToString("tag:a");
  }
}
