package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.admin.RestoreReceipt;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** faults A4: the whole history of adjustments moves with a record, both ways. */
@DisplayName("faults A4: a record moves with its history")
public class RestoredHistoryAcceptance extends AcceptanceTest {
  private final LlmAccounting source =
      LlmAccounting.builder(InMemoryBackend.open(InMemoryStorage.create(), clock))
          .clock(clock)
          .expectedTokens(0, 0)
          .build();

  @AfterEach
  final void closeTheSource() {
    source.close();
  }

  private static CallFixture partial(long tokens) {
    return aCall().key("k").tokens(TokenUsage.of(10, tokens)).source(TokenSource.PARTIAL);
  }

  /** Three adjustments at different times: two of figures, one of the cost. */
  private UUID history() {
    UUID id = source.track(partial(20).usage()).id();
    clock.advance(Duration.ofMinutes(3));
    source.track(partial(30).usage());
    clock.advance(Duration.ofMinutes(3));
    source.track(aCall().key("k").tokens(TokenUsage.of(10, 50)).usage());
    reprice(source, "0.5");
    return id;
  }

  private void reprice(LlmAccounting accounting, String dollars) {
    clock.advance(Duration.ofMinutes(3));
    accounting
        .admin()
        .reprice(TimeRange.always())
        .by(call -> Optional.of(new PricedCost(Cost.usd(dollars), "row-" + dollars)))
        .pricedOnesToo()
        .apply();
  }

  private static List<UsageHistory> known(LlmAccounting accounting) {
    List<UsageHistory> known = new ArrayList<>();
    accounting.admin().transfer().records(TimeRange.always(), UsageFilter.all(), known::add);
    return known;
  }

  private static RestoreReceipt move(LlmAccounting from, LlmAccounting to) {
    return to.admin().transfer().restore(known(from).iterator());
  }

  private void assertSame(UUID id) {
    assertThat(accounting().adjustments(id)).isEqualTo(source.adjustments(id));
    assertThat(known(accounting())).isEqualTo(known(source));
    assertThat(stored(id).usage()).isEqualTo(known(source).get(0).record().usage());
    assertThat(accounting().report(TimeRange.always()).by(Dimension.MODEL).run().rows())
        .isEqualTo(source.report(TimeRange.always()).by(Dimension.MODEL).run().rows());
    assertThat(accounting().report(TimeRange.always()).by(Dimension.SESSION).run().rows())
        .isEqualTo(source.report(TimeRange.always()).by(Dimension.SESSION).run().rows());
    assertThat(accounting().admin().verify().differences()).isEmpty();
  }

  @Test
  final void everyAdjustmentIsTakenInWithItsTime() {
    save(Limit.named("cost").cost(Cost.usd("5")).lifetime().alertingAt(9));
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    UUID id = history();

    assertThat(move(source, accounting()).added()).isEqualTo(1);

    assertThat(source.adjustments(id)).hasSize(3).doesNotHaveDuplicates();
    assertSame(id);
    assertThat(used("cost", aCall())).isEqualTo(Cost.usd("0.5").nanos());
    assertThat(used("tokens", aCall())).isEqualTo(60);
  }

  @Test
  final void takingItInAgainChangesNothing() {
    UUID id = history();
    move(source, accounting());

    assertThat(move(source, accounting())).isEqualTo(new RestoreReceipt(0, 1, 0, List.of(), 0));
    assertSame(id);
  }

  @Test
  final void whatComesBackIsTheSame() {
    UUID id = history();
    move(source, accounting());
    try (LlmAccounting third =
        LlmAccounting.builder(InMemoryBackend.open(InMemoryStorage.create(), clock))
            .clock(clock)
            .build()) {
      move(accounting(), third);

      assertThat(third.adjustments(id)).isEqualTo(source.adjustments(id));
      assertThat(known(third)).isEqualTo(known(source));
    }
  }

  @Test
  final void whatBecameKnownSinceIsAddedWithItsTimes() {
    save(Limit.named("cost").cost(Cost.usd("5")).lifetime());
    UUID id = source.track(partial(20).usage()).id();
    move(source, accounting());
    history();
    move(source, accounting());
    reprice(source, "0.75");
    reprice(source, "0.5");

    RestoreReceipt dry = accounting().admin().transfer().dryRun().restore(known(source).iterator());
    RestoreReceipt receipt = move(source, accounting());

    assertThat(receipt).isEqualTo(new RestoreReceipt(0, 0, 1, List.of(), 0)).isEqualTo(dry);
    assertThat(source.adjustments(id)).hasSize(5);
    assertSame(id);
    assertThat(used("cost", aCall())).isEqualTo(Cost.usd("0.5").nanos());
    assertThat(move(source, accounting()).unchanged()).isEqualTo(1);
    assertSame(id);
  }

  @Test
  final void anOlderCopyLeavesWhatIsKnownSince() {
    UUID id = history();
    List<UsageHistory> old = known(source);
    reprice(source, "0.75");
    reprice(source, "2");
    move(source, accounting());

    assertThat(accounting().admin().transfer().restore(old.iterator()).unchanged()).isEqualTo(1);
    assertSame(id);
  }

  @Test
  final void aRecordWithItsLatestCorrectionOnlyIsTakenInAsBefore() {
    UUID id = history();
    List<UsageHistory> latest =
        known(source).stream().map(one -> UsageHistory.of(one.record())).toList();

    assertThat(accounting().admin().transfer().restore(latest.iterator()).added()).isEqualTo(1);
    assertThat(accounting().admin().transfer().restore(latest.iterator()).unchanged()).isEqualTo(1);

    assertThat(accounting().adjustments(id))
        .singleElement()
        .extracting(UsageAdjustment::at)
        .isEqualTo(stored(id).settledAt());
    assertThat(stored(id)).isEqualTo(known(source).get(0).record());
    assertThat(move(source, accounting()).unchanged()).isEqualTo(1);
  }

  /** reading 4: an older version called others "(others)". */
  @Test
  final void denialsOfOthersUnderTwoNamesInOneMinuteAreOneCount() {
    List<DenialCount> both = List.of(others("(others)", 5), others(DenialCount.OTHERS, 3));
    accounting().admin().transfer().restoreDenials(both.subList(1, 2));

    assertThat(accounting().admin().transfer().restoreDenials(both)).isEqualTo(1);
    assertThat(accounting().admin().transfer().restoreDenials(both)).isZero();

    assertThat(accounting().admin().denials(TimeRange.always()))
        .containsExactly(others(DenialCount.OTHERS, 8));
  }

  private DenialCount others(String subject, long count) {
    return new DenialCount("l", subject, clock.instant(), count, 1, "no room");
  }
}
