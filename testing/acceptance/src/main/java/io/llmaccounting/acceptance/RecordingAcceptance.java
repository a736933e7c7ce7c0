package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.LlmAssertions.catchThrowableOfType;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.BulkReceipt;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is recorded, once, and how it reads back. */
public class RecordingAcceptance extends AcceptanceTest {
  /** The same id counts once, by whoever and whenever it is repeated. */
  @Test
  final void theSameIdIsRecordedOnce() {
    save(Limit.named("ever").requests(10).lifetime());
    UUID id = accounting().newId();
    Receipt first = accounting().track(aCall().id(id).costing("0.1").usage());

    clock.advance(ofDays(1));
    Receipt second = another().track(aCall().id(id).costing("0.1").usage());

    assertThat(first).isRecorded().hasCost("0.1").leaves("ever", 9);
    assertThat(second).isDuplicate().hasCost("0.1");
    assertThat(second.id()).isEqualTo(id);
    assertThat(used("ever", aCall())).isEqualTo(1);
    assertThat(accounting().tail()).hasSize(1);
  }

  /** The same key of a project counts once, whatever the id. */
  @Test
  final void theSameKeyIsRecordedOnceInItsProject() {
    Receipt first = accounting().track().model("m").project("P").key("k").record();
    clock.advance(ofSeconds(5));
    Receipt second = accounting().track().model("m").project("P").key("k").record();
    Receipt otherProject = accounting().track().model("m").project("Q").key("k").record();
    Receipt noProject = accounting().track().model("m").key("k").record();

    assertThat(first).isRecorded();
    assertThat(second).isDuplicate();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(otherProject).isRecorded();
    assertThat(noProject).isRecorded();
    assertThat(backend().usage().findByKey("P", "k").orElseThrow().usage().id())
        .isEqualTo(first.id());
  }

  /** Another call under an id or key that is taken is refused with both shown. */
  @Test
  final void anotherCallUnderTheSameIdOrKeyIsAConflictThatShowsBoth() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    Usage stored = aCall().key("k").tokens(10, 0).at(clock.instant()).usage();
    accounting().track(stored);

    for (CallFixture other :
        List.of(
            aCall().id(stored.id()).at(clock.instant()).key("k").tokens(11, 0),
            aCall().at(clock.instant()).key("k").tokens(12, 0),
            aCall().at(clock.instant()).key("k").tokens(10, 0).by("bob"))) {
      UsageConflictException conflict =
          catchThrowableOfType(
              UsageConflictException.class, () -> accounting().track(other.usage()));
      assertThat(conflict.stored()).isEqualTo(stored);
      assertThat(conflict.refused().tokens()).isEqualTo(other.usage().tokens());
      assertThat(conflict).hasMessageContaining("already used by another call");
    }

    assertThat(used("tokens", aCall())).isEqualTo(10);
    assertThat(accounting().tail()).hasSize(1);
  }

  /** A time that the caller gave is content; one that was left to the clock is not. */
  @Test
  final void aGivenTimeIsContentAndADefaultedOneIsNot() {
    Instant at = clock.instant();
    accounting().track().model("m").key("given").at(at).record();
    assertThatThrownBy(
            () -> accounting().track().model("m").key("given").at(at.plusMillis(1)).record())
        .isInstanceOf(UsageConflictException.class);
    assertThat(accounting().track().model("m").key("given").at(at).record()).isDuplicate();

    clock.advance(ofMillis(7));
    assertThat(accounting().track().model("m").key("given").record()).isDuplicate();
    accounting().track().model("m").key("open").id(accounting().newId()).record();
    clock.advance(ofMillis(7));
    assertThat(accounting().track().model("m").key("open").id(accounting().newId()).record())
        .isDuplicate();
  }

  /** A computed cost is not content: prices may change between the repetitions. */
  @Test
  final void aComputedCostIsKeptButIsNotContent() {
    LlmAccounting cheap = another(settings -> settings.pricing(call -> priced("0.1", "old")));
    LlmAccounting dear = another(settings -> settings.pricing(call -> priced("0.9", "new")));
    Usage call = aCall().at(clock.instant()).usage();

    assertThat(cheap.track(call)).isRecorded().hasCost("0.1");
    assertThat(dear.track(call)).isDuplicate().hasCost("0.1");

    Usage stored = stored(call.id()).usage();
    assertThat(stored.computedCost()).isEqualTo(new PricedCost(Cost.usd("0.1"), "old"));
    assertThat(stored.givenCost()).isNull();
  }

  private static Optional<PricedCost> priced(String dollars, String row) {
    return Optional.of(new PricedCost(Cost.usd(dollars), row));
  }

  /** A cost that the caller states wins over a computed one, and both are kept. */
  @Test
  final void aGivenCostWinsOverAComputedOne() {
    LlmAccounting priced = another(settings -> settings.pricing(call -> priced("0.1", "row")));

    Receipt receipt = priced.track(aCall().costing("0.7").at(clock.instant()).usage());

    assertThat(receipt).isRecorded().hasCost("0.7");
    assertThat(stored(receipt.id()).usage().computedCost().pricedBy()).isEqualTo("row");
  }

  /** Unknown is not zero: a call without a price is visible as such, and so is a free one. */
  @Test
  final void unpricedCallsAreVisible() {
    Receipt unpriced = track(aCall());
    track(aCall().costing("0"));
    track(aCall().costing("0.5"));

    assertThat(unpriced).isRecorded().isUnpriced();
    assertThat(accounting().report(now -> io.llmaccounting.usage.TimeRange.always()).run())
        .hasCalls(3)
        .hasUnpriced(1)
        .hasCost("0.5");
    assertThat(accounting().tail(UsageFilter.all().unpriced(), 10))
        .extracting(recorded -> recorded.usage().id())
        .containsExactly(unpriced.id());
  }

  /** Everything that was told reads back as it was. */
  @Test
  final void everythingReadsBackAsItWasTold() {
    Usage told =
        aCall()
            .key("k")
            .at(Instant.parse("2026-03-01T12:00:00.123456Z"))
            .responseModel("gpt-5-mini-2025-08-07")
            .provider("openai")
            .operation("chat")
            .localInputTokens(99)
            .localOutputTokens(19)
            .extra("web_search", 3)
            .costing("0.000000001")
            .failed("rate_limit", "slow down")
            .latency(ofMillis(640))
            .timeToFirstToken(ofMillis(80))
            .streamed(true)
            .attempts(2)
            .serviceTier("flex")
            .region("eu")
            .project("P")
            .user("é\uD83D\uDE00")
            .caller("ranker")
            .session("s1")
            .tag("team", "red")
            .usage();

    accounting().track(told);

    assertThat(stored(told.id()).usage()).isEqualTo(told);
    assertThat(accounting().tail().get(0).usage()).isEqualTo(told);
  }

  /** Scenario 38. */
  @Test
  final void aSessionReadsBack() {
    track(aCall().session("s1"));
    track(aCall().session("s2"));
    track(aCall());

    assertThat(accounting().tail(UsageFilter.all().session("s1"), 10))
        .extracting(recorded -> recorded.usage().attribution().session())
        .containsExactly("s1");
  }

  /** Scenario 41. */
  @Test
  final void theTailIsTheLastTenNewestFirst() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ids.add(track(aCall(), clock.instant().minus(ofMinutes(i))).id());
    }

    assertThat(accounting().tail())
        .extracting(recorded -> recorded.usage().id())
        .containsExactlyElementsOf(ids.subList(0, 10));
    assertThat(accounting().tail(UsageFilter.all(), 100)).hasSize(12);
    assertThatThrownBy(() -> accounting().tail(UsageFilter.all(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("count");
  }

  /** Scenario 41. */
  @Test
  final void callsOfOneInstantAreInTheTailByTheirIds() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(0, UsageId.create(clock.instant(), new java.util.SplittableRandom(i)));
    }
    ids.forEach(id -> accounting().track(aCall().id(id).usage()));

    List<UUID> read = accounting().tail().stream().map(recorded -> recorded.usage().id()).toList();

    assertThat(read).isSortedAccordingTo(java.util.Comparator.comparing(UUID::toString).reversed());
    assertThat(read).hasSize(5);
  }

  /** Many records: every one once, conflicts reported, none in the way of the others. */
  @Test
  final void manyRecordsAreBookedOnceEach() {
    save(Limit.named("ever").requests(1_000_000).lifetime());
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      calls.add(aCall().key("k" + i).at(clock.instant().minus(ofSeconds(i))).usage());
    }
    calls.add(aCall().key("k7").at(clock.instant()).tokens(1, 1).usage());
    calls.add(calls.get(3));

    BulkReceipt first = accounting().trackAll(calls);
    BulkReceipt second = accounting().trackAll(calls.iterator());

    assertThat(first.recorded()).isEqualTo(2_500);
    assertThat(first.duplicates()).isEqualTo(1);
    assertThat(first.conflictCount()).isEqualTo(1);
    assertThat(first.conflicts().get(0).stored()).isEqualTo(calls.get(7));
    assertThat(second.recorded()).isZero();
    assertThat(second.duplicates()).isEqualTo(2_501);
    assertThat(second.conflictCount()).isEqualTo(1);
    assertThat(used("ever", aCall())).isEqualTo(2_500);
  }
}
