package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.admin.RepriceReport;
import io.llmaccounting.admin.Repricing;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageTotals;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Costs that are known later: corrections beside the records, followed by everything derived. */
public class RepricingAcceptance extends AcceptanceTest {
  private static Pricing each(String dollars) {
    return call -> Optional.of(new PricedCost(Cost.usd(dollars), "row-" + dollars));
  }

  private Repricing reprice(String dollars) {
    return accounting().admin().reprice(TimeRange.always()).by(each(dollars));
  }

  @Test
  final void whatHadNoPriceGetsOneAndReportsFollow() {
    Receipt receipt = track(aCall().in("search"));
    track(aCall().in("search").costing("0.50"));

    RepriceReport report = reprice("0.25").apply();

    assertThat(report).isEqualTo(new RepriceReport(1, 1, 1, 0, Cost.ZERO, Cost.usd("0.25")));
    assertThat(stored(receipt.id()).cost()).contains(Cost.usd("0.25"));
    assertThat(stored(receipt.id()).usage().computedCost()).isNull();
    assertThat(accounting().report(TimeRange.always()).by(Dimension.PROJECT).run())
        .hasCost("0.75")
        .hasUnpriced(0);
    assertThat(accounting().report(TimeRange.always()).by(Dimension.SESSION).run()).hasCost("0.75");
  }

  /** reading K10: the seller's figure stays beside the computed one, and one rule counts. */
  @Test
  final void whatASellerReportedCountsUnlessComputedCostsArePreferred() {
    LlmAccounting preferring =
        another(
            settings ->
                settings.pricing(each("0.25")).reportedCosts(ReportedCostPolicy.PREFER_COMPUTED));
    LlmAccounting trusting = another(settings -> settings.pricing(each("0.25")));
    ModelAnswer answer =
        ModelAnswer.builder().tokens(TokenUsage.of(10, 10)).reportedCost(Cost.usd("0.20")).build();

    UUID computed = preferring.track().model("m").answer(answer).record().id();
    UUID reported = trusting.track().model("m").answer(answer).record().id();
    UUID given = trusting.track().model("m").answer(answer).cost(Cost.usd("1")).record().id();

    assertThat(stored(computed).cost()).contains(Cost.usd("0.25"));
    assertThat(stored(reported).cost()).contains(Cost.usd("0.20"));
    assertThat(stored(given).cost()).contains(Cost.usd("1"));
    UsageTotals totals = accounting().report(TimeRange.always()).run().total();
    assertThat(totals.cost()).isEqualTo(Cost.usd("1.45"));
    assertThat(totals.reportedCost()).isEqualTo(new UsageTotals.Sum(3, 600_000_000));
    assertThat(totals.costDifference()).isEqualTo(new UsageTotals.Sum(3, -150_000_000));
    assertThat(reprice("0.5").pricedOnesToo().apply().changed()).isEqualTo(1);
    assertThat(stored(computed).cost()).contains(Cost.usd("0.5"));
    assertThat(stored(reported).cost()).contains(Cost.usd("0.20"));
    assertThat(accounting().report(TimeRange.always()).by(Dimension.SESSION).run().total())
        .isEqualTo(accounting().report(TimeRange.always()).run().total());
  }

  /** reading K9: what had no price of its own shows. */
  @Test
  final void aLowerBoundIsCountedUntilTheWholePriceIsKnown() {
    LlmAccounting part =
        another(
            settings ->
                settings.pricing(
                    call -> Optional.of(new PricedCost(Cost.usd("0.1"), "half", true))));
    UUID id = part.track().model("m").inputTokens(1).record().id();

    assertThat(accounting().report(TimeRange.always()).run().total().lowerBound()).isEqualTo(1);
    assertThat(
            accounting()
                .report(TimeRange.always())
                .by(Dimension.SESSION)
                .run()
                .total()
                .lowerBound())
        .isEqualTo(1);
    reprice("0.25").pricedOnesToo().apply();

    assertThat(stored(id).costIsLowerBound()).isFalse();
    assertThat(accounting().report(TimeRange.always()).run().total().lowerBound()).isZero();
  }

  /** reading K4. */
  @Test
  final void partsArePricedByTheirOwnRowsAndKept() {
    Pricing byPart =
        new Pricing() {
          @Override
          public Optional<PricedCost> price(PricedCall call) {
            return Optional.of(new PricedCost(Cost.usd("0.0635"), "sonnet"));
          }

          @Override
          public List<CallPart> parts(PricedCall call) {
            return call.parts().stream()
                .map(one -> one.withPrice(new PricedCost(Cost.usd("0.05"), "opus")))
                .toList();
          }
        };
    ModelAnswer answer =
        ModelAnswer.builder()
            .tokens(TokenUsage.of(7_000, 1_500))
            .parts(List.of(CallPart.of("advisor", "opus", TokenUsage.of(5_000, 1_000))))
            .build();

    UUID id =
        another(settings -> settings.pricing(byPart))
            .track()
            .model("sonnet")
            .answer(answer)
            .record()
            .id();

    assertThat(stored(id).cost()).contains(Cost.usd("0.0635"));
    assertThat(stored(id).usage().parts())
        .containsExactly(
            new CallPart(
                "advisor",
                "opus",
                null,
                TokenUsage.of(5_000, 1_000),
                new PricedCost(Cost.usd("0.05"), "opus")));
  }

  @Test
  final void doingItTwiceChangesNothing() {
    track(3, aCall());
    reprice("0.25").apply();

    assertThat(reprice("0.25").apply().changed()).isZero();
    assertThat(reprice("0.25").pricedOnesToo().apply().changed()).isZero();
    assertThat(accounting().report(TimeRange.always()).run()).hasCost("0.75");
  }

  @Test
  final void aPreviewWritesNothing() {
    track(aCall());

    assertThat(reprice("0.25").preview().after()).isEqualTo(Cost.usd("0.25"));
    assertThat(accounting().report(TimeRange.always()).run()).hasCost("0").hasUnpriced(1);
  }

  @Test
  final void aCorrectionReplacesACorrectionWhereAskedTo() {
    track(aCall());
    reprice("0.25").apply();

    assertThat(reprice("0.10").apply().examined()).isZero();
    RepriceReport report = reprice("0.10").pricedOnesToo().apply();

    assertThat(report).isEqualTo(new RepriceReport(1, 1, 0, 0, Cost.usd("0.25"), Cost.usd("0.10")));
    assertThat(accounting().report(TimeRange.always()).by(Dimension.USER).run()).hasCost("0.10");
  }

  @Test
  final void aCostThatTheCallerStatedStays() {
    track(aCall().costing("0.50"));

    assertThat(reprice("0.25").pricedOnesToo().apply().changed()).isZero();
    assertThat(accounting().report(TimeRange.always()).run()).hasCost("0.50");
  }

  @Test
  final void onlyTheCallsThatAreMeantArePricedAgain() {
    track(aCall().by("alice"));
    track(aCall().by("bob"));

    RepriceReport report = reprice("0.25").only(UsageFilter.all().user("alice")).apply();

    assertThat(report.changed()).isEqualTo(1);
    assertThat(accounting().report(TimeRange.always()).run()).hasCost("0.25").hasUnpriced(1);
  }

  @Test
  final void aModelThatStillHasNoPriceStaysUnpriced() {
    track(aCall());

    RepriceReport report =
        accounting().admin().reprice(TimeRange.always()).by(call -> Optional.empty()).apply();

    assertThat(report).isEqualTo(new RepriceReport(1, 0, 0, 1, Cost.ZERO, Cost.ZERO));
  }

  /** A ceiling stays charged until the record is priced. */
  @Test
  final void limitsFollowACorrection() {
    save(
        Limit.named("budget")
            .cost(Cost.usd("5"))
            .rolling(ofDays(1))
            .onUnpriced(UnpricedPolicy.charge(Cost.usd("2"))));
    track(2, aCall());
    assertThat(used("budget", aCall())).isEqualTo(Cost.usd("4").nanos());

    reprice("0.25").apply();

    assertThat(used("budget", aCall())).isEqualTo(Cost.usd("0.50").nanos());
    assertThat(check(aCall().costing("4.50"))).isAdmitted();
    assertThat(check(aCall().costing("4.51"))).isDenied().byLimit("budget");
  }

  @Test
  final void pricesThatWereAppliedLeaveAnAuditEntry() {
    track(aCall());
    reprice("0.25").apply();

    assertThat(accounting().audit().find(AuditQuery.latest(5).ofType(AuditEntry.ADMIN)))
        .anySatisfy(entry -> assertThat(entry.outcome()).isEqualTo("prices applied"));
  }

  @Test
  @DisplayName("faults C4: corrections that were written before it failed are in the audit log")
  final void correctionsBeforeAFailureLeaveAnAuditEntry() {
    trackAtOnce(700);
    AtomicInteger asked = new AtomicInteger();
    Repricing fails =
        accounting()
            .admin()
            .reprice(TimeRange.always())
            .by(
                call -> {
                  if (asked.incrementAndGet() > 600) {
                    throw new IllegalStateException("no more prices");
                  }
                  return Optional.of(new PricedCost(Cost.usd("0.01"), "p"));
                });

    assertThatThrownBy(fails::apply).hasMessage("no more prices");

    assertThat(accounting().audit().find(AuditQuery.latest(5).ofType(AuditEntry.ADMIN)))
        .anySatisfy(
            entry -> {
              assertThat(entry.outcome()).isEqualTo("pricing broke off");
              assertThat(entry.attributes()).containsEntry("changed", "500");
            });
  }

  @Test
  final void moreThanOneTransactionsWorthIsPricedAgain() {
    trackAtOnce(1_234);

    assertThat(reprice("0.000000001").apply().changed()).isEqualTo(1_234);
    assertThat(accounting().report(TimeRange.always()).by(Dimension.MODEL).run())
        .hasCost("0.000001234");
  }

  private void trackAtOnce(int calls) {
    accounting().trackAll(Stream.generate(() -> aCall().usage()).limit(calls).toList());
  }
}
