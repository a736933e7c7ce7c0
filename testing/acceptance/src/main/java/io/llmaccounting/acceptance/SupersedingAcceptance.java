package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * faults A4, reading K12: a better figure of a call follows a poorer one, and all that counts
 * follows it.
 */
@DisplayName("faults A4: better figures follow poorer ones")
public class SupersedingAcceptance extends AcceptanceTest {
  private static CallFixture partial(long tokens) {
    return aCall().key("k").tokens(TokenUsage.of(10, tokens)).source(TokenSource.PARTIAL);
  }

  private static CallFixture complete() {
    return aCall().key("k").tokens(TokenUsage.of(10, 50)).costing("0.50");
  }

  private UsageTotals total() {
    return accounting().report(TimeRange.always()).run().total();
  }

  private UsageTotals totalOfRecords() {
    return accounting().report(TimeRange.always()).by(Dimension.SESSION).run().total();
  }

  @Test
  final void whatTheProviderReportsReplacesWhatABrokenStreamTold() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    save(Limit.named("cost").cost(Cost.usd("5")).lifetime());
    Receipt first = track(partial(20));

    Receipt second = track(complete());

    assertThat(second.status()).isEqualTo(Receipt.Status.SUPERSEDED);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.cost()).contains(Cost.usd("0.50"));
    assertThat(used("tokens", aCall())).isEqualTo(60);
    assertThat(used("cost", aCall())).isEqualTo(500_000_000);
    RecordedUsage stored = stored(first.id());
    assertThat(stored.usage().source()).as("the record stays").isEqualTo(TokenSource.PARTIAL);
    assertThat(stored.current().tokens()).isEqualTo(TokenUsage.of(10, 50));
    assertThat(total().tokens().total()).isEqualTo(60);
    assertThat(total().partial()).isZero();
    assertThat(total().calls()).isEqualTo(1);
    assertThat(totalOfRecords()).isEqualTo(total());
    assertThat(accounting().health().counts().superseded()).isEqualTo(1);
  }

  @Test
  final void tellingTheBetterFigureAgainChangesNothing() {
    Receipt first = track(partial(20));
    track(complete());

    assertThat(track(complete()).status()).isEqualTo(Receipt.Status.DUPLICATE);
    assertThat(track(partial(20)).status()).isEqualTo(Receipt.Status.DUPLICATE);
    assertThat(accounting().adjustments(first.id())).hasSize(1);
    assertThat(total().cost()).isEqualTo(Cost.usd("0.50"));
  }

  @Test
  final void theOrderInWhichReportsArriveMakesNoDifference() {
    List<CallFixture> reports = List.of(partial(20), complete(), partial(30));
    UsageTotals expected = null;
    for (int shift = 0; shift < reports.size(); shift++) {
      String project = "p" + shift;
      for (int i = 0; i < reports.size(); i++) {
        CallFixture[] again = {partial(20), complete(), partial(30)};
        track(again[(i + shift) % reports.size()].in(project));
      }
      UsageTotals total =
          accounting()
              .report(TimeRange.always())
              .only(UsageFilter.all().with(Dimension.PROJECT, Match.is(project)))
              .run()
              .total();
      expected = expected == null ? total : expected;
      assertThat(total).isEqualTo(expected);
    }
    assertThat(expected).isNotNull();
  }

  @Test
  final void theWholeHistoryIsReadInOrder() {
    UUID id = track(partial(20)).id();
    track(partial(30));
    track(complete());

    assertThat(
            accounting().adjustments(id).stream()
                .map(UsageAdjustment::figures)
                .map(figures -> figures.tokens().output()))
        .containsExactly(30L, 50L);
    assertThat(accounting().adjustments(UUID.randomUUID())).isEmpty();
  }

  @Test
  final void anotherFinalFigureOrAnotherAttributionIsAConflict() {
    track(partial(20).by("alice"));

    assertThatThrownBy(() -> track(complete().by("bob")))
        .isInstanceOf(UsageConflictException.class);
    track(complete().by("alice"));
    assertThatThrownBy(() -> track(complete().by("alice").costing("0.75")))
        .isInstanceOf(UsageConflictException.class);
    assertThat(total().cost()).isEqualTo(Cost.usd("0.50"));
  }

  @Test
  final void aConflictNamesWhatIsStoredNowNotWhatItReplaced() {
    track(partial(20));
    track(complete());

    assertThatThrownBy(() -> track(complete().tokens(TokenUsage.of(10, 40))))
        .isInstanceOf(UsageConflictException.class)
        .hasMessageContaining("outputTokens 40, stored 50")
        .hasMessageNotContaining("PARTIAL");
  }

  @Test
  final void twoStatedCostsOfTheSameFiguresAreAConflict() {
    track(aCall().key("money").withoutTokens().costing("0.50"));
    track(partial(20).costing("0.10"));

    for (String cost : List.of("0.75", "0.25")) {
      assertThatThrownBy(() -> track(aCall().key("money").withoutTokens().costing(cost)))
          .isInstanceOf(UsageConflictException.class)
          .hasMessageContaining("cost $" + cost + ", stored $0.50");
      assertThatThrownBy(() -> track(partial(20).costing(cost)))
          .isInstanceOf(UsageConflictException.class);
    }
    assertThat(total().cost()).isEqualTo(Cost.usd("0.60"));
    assertThat(track(partial(30).costing("0.15")).status()).isEqualTo(Receipt.Status.SUPERSEDED);
    assertThat(track(aCall().key("money").tokens(TokenUsage.of(1, 2)).costing("0.40")).status())
        .isEqualTo(Receipt.Status.SUPERSEDED);
  }

  @Test
  final void manyAtOnceAreSupersededToo() {
    track(partial(20));

    var receipt = accounting().trackAll(List.of(complete().usage()));

    assertThat(receipt.superseded()).isEqualTo(1);
    assertThat(total().tokens().output()).isEqualTo(50);
  }

  @Test
  final void twoReportsOfOneCallInOneTransactionCountOnce() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    UUID id = track(partial(20)).id();

    // one knows the call by its id, the other by its key
    accounting()
        .trackAll(
            List.of(
                aCall().id(id).tokens(TokenUsage.of(10, 30)).source(TokenSource.PARTIAL).usage(),
                complete().usage()));

    assertThat(stored(id).current().tokens()).isEqualTo(TokenUsage.of(10, 50));
    assertThat(used("tokens", aCall())).isEqualTo(60);
    assertThat(total().tokens().total()).isEqualTo(60);
    assertThat(total().partial()).isZero();
    assertThat(accounting().admin().verify().differences()).isEmpty();
  }

  @Test
  final void twoThreadsThatRaceEndAtTheSameFigures() throws Exception {
    for (int round = 0; round < 5; round++) {
      String project = "race" + round;
      UUID id = track(partial(1).in(project)).id();
      List<Thread> threads = new ArrayList<>();
      for (CallFixture report :
          List.of(partial(20).in(project), complete().in(project), partial(30).in(project))) {
        LlmAccounting process = another(settings -> settings);
        Thread thread = new Thread(() -> process.track(report.usage()));
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(stored(id).current().tokens()).isEqualTo(TokenUsage.of(10, 50));
      assertThat(stored(id).cost()).contains(Cost.usd("0.50"));
    }
    assertThat(accounting().admin().verify().differences()).isEmpty();
  }

  @Test
  final void anEndAfterTheFirstKeepsItsMoney() {
    LlmCall call = accounting().begin(CallRequest.to("m"));

    call.cancelled();
    Receipt receipt = call.succeeded(TokenUsage.of(100, 50), Cost.usd("0.75"));

    assertThat(receipt.cost()).contains(Cost.usd("0.75"));
    assertThat(total().cost()).isEqualTo(Cost.usd("0.75"));
    assertThat(total().cancelled()).isZero();
    assertThat(total().missing()).isZero();
    assertThat(call.cancelled().id()).isEqualTo(receipt.id());
    assertThat(total().cost()).isEqualTo(Cost.usd("0.75"));
  }

  @Test
  final void anEndAfterTheCallWasClosedCounts() {
    LlmCall call = accounting().begin(CallRequest.to("m"));
    call.close();

    call.succeeded(TokenUsage.of(100, 50));

    assertThat(total().unfinished()).isZero();
    assertThat(total().tokens().total()).isEqualTo(150);
    assertThat(stored(call.id()).current().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  final void repricingWorksOnBetterFigures() {
    UUID id = track(partial(20)).id();
    track(aCall().key("k").tokens(TokenUsage.of(10, 50)));

    accounting()
        .admin()
        .reprice(TimeRange.always())
        .by(call -> Optional.of(new PricedCost(Cost.ofNanos(call.tokens().output()), "row")))
        .apply();

    assertThat(stored(id).cost()).contains(Cost.ofNanos(50));
    assertThat(stored(id).current().tokens()).isEqualTo(TokenUsage.of(10, 50));
    assertThat(accounting().adjustments(id)).hasSize(2);
  }

  @Test
  final void aLateEndOfAnExpiredHoldIsBookedOnce() {
    LlmCall call = accounting().begin(CallRequest.to("m").holdFor(Duration.ofSeconds(10)));
    clock.advance(Duration.ofMinutes(1));
    call.close();

    call.succeeded(TokenUsage.of(100, 50), Cost.usd("0.75"));

    assertThat(total().calls()).isEqualTo(1);
    assertThat(total().cost()).isEqualTo(Cost.usd("0.75"));
  }

  /** faults H7: what was given by hand outlives an answer without usage. */
  @Test
  final void anAnswerWithoutUsageLeavesTokensThatWereGiven() {
    UUID id =
        accounting()
            .track()
            .model("m")
            .inputTokens(3)
            .outputTokens(4)
            .answer(io.llmaccounting.usage.ModelAnswer.withoutUsage())
            .record()
            .id();

    assertThat(stored(id).usage().tokens()).isEqualTo(TokenUsage.of(3, 4));
  }
}
