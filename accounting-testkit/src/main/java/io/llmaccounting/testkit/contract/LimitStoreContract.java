package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits are kept by name, with numbers that are never used again and a revision that grows. */
public abstract class LimitStoreContract extends BackendContract {

  @Test
  final void aNewStoreHasNoLimits() {
    assertThat(limits().load().limits()).isEmpty();
    assertThat(limits().load().revision()).isEqualTo(limits().revision());
  }

  @Test
  final void everyKindOfLimitComesBack() {
    List<Limit> saved = everyKind();
    saved.forEach(this::save);

    assertThat(reopen().limits().load().limits().stream().map(StoredLimit::limit))
        .containsExactlyInAnyOrderElementsOf(saved);
  }

  @Test
  final void limitsAreListedByName() {
    for (String name : List.of("b", "a", "B", "a b", "\u00e4", "ab")) {
      save(requests(name, 1));
    }

    assertThat(names()).containsExactly("B", "a", "a b", "ab", "b", "\u00e4");
  }

  /** Scenario 29. */
  @Test
  final void aNameIsSavedOnceAndTheSameWatchersMayHaveSeveralLimits() {
    save(Limit.named("hourly").user("alice").requests(1).rolling(Duration.ofHours(1)));
    save(Limit.named("daily").user("alice").requests(2).rolling(Duration.ofDays(1)));
    save(Limit.named("hourly").user("alice").requests(3).rolling(Duration.ofHours(1)));

    assertThat(limits().load().limits().stream().map(stored -> stored.limit().maximum()))
        .containsExactly(2L, 3L);
  }

  @Test
  final void theRevisionGrowsWithEveryChangeAndIsSeenByOtherInstances() {
    LimitStore other = another().limits();
    long atFirst = limits().revision();

    save(requests("a", 1));
    long afterSaving = other.revision();
    limits().save(requests("a", 2), PlainSeed.keeping());
    long afterReplacing = other.revision();
    limits().delete("a", PlainSeed.ofNothing());

    assertThat(List.of(afterSaving - atFirst, afterReplacing - afterSaving))
        .allMatch(growth -> growth > 0);
    assertThat(other.revision()).isGreaterThan(afterReplacing);
    assertThat(other.load().revision()).isEqualTo(other.revision());
    assertThat(other.load().limits()).isEmpty();
  }

  @Test
  final void theRevisionOutlivesTheBackend() {
    save(requests("a", 1));
    long before = limits().revision();

    assertThat(reopen().limits().revision()).isEqualTo(before);
  }

  @Test
  final void savingReturnsWhatIsLoaded() {
    StoredLimit stored = save(requests("a", 1));

    assertThat(limits().load().limits()).containsExactly(stored);
  }

  @Test
  final void aNumberIsNeverUsedAgain() {
    long first = save(requests("a", 1)).id();
    limits().delete("a", PlainSeed.ofNothing());
    reopen();
    long second = save(requests("a", 1)).id();
    long rebuilt = save(requests("a", 2)).id();
    long other = save(requests("b", 1)).id();

    assertThat(List.of(first, second, rebuilt, other)).doesNotHaveDuplicates();
  }

  @Test
  final void deletingRemovesOnlyTheNamedLimit() {
    save(requests("a", 1));
    save(requests("b", 1));

    assertThat(limits().delete("a", PlainSeed.ofNothing())).isTrue();
    assertThat(limits().delete("a", PlainSeed.ofNothing())).isFalse();
    assertThat(limits().delete("B", PlainSeed.ofNothing())).isFalse();
    assertThat(names()).containsExactly("b");
  }

  @Test
  final void nothingChangesWhereTheSeedThrows() {
    StoredLimit before = save(requests("a", 1));
    record(aCall().usage());
    long revision = limits().revision();
    IllegalStateException bug = new IllegalStateException("a bug in the seed");

    Throwable thrown =
        catchThrowable(() -> limits().save(requests("a", 9), PlainSeed.failing(bug)));

    assertThat(thrown).isSameAs(bug);
    assertThat(limits().load().limits()).containsExactly(before);
    assertThat(limits().revision()).isEqualTo(revision);
  }

  private static List<Limit> everyKind() {
    List<Limit> all = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      if (metric != Metric.WEIGHTED_TOKENS && metric != Metric.CONCURRENT) {
        all.add(Limit.named("of " + metric).of(metric, Limit.MAX_AMOUNT).lifetime());
      }
      all.add(Limit.named("exempt " + metric).user("alice").unlimited(metric));
    }
    for (CalendarUnit unit : CalendarUnit.values()) {
      all.add(
          Limit.named("each " + unit).requests(0).calendar(7, unit, ZoneId.of("Europe/Berlin")));
    }
    for (Dimension dimension :
        List.of(
            Dimension.MODEL, Dimension.PROVIDER, Dimension.SESSION, Dimension.tag("te'\u00e4"))) {
      for (Match match :
          List.of(Match.is("o'x %"), Match.prefix("bot-"), Match.each(), Match.absent())) {
        all.add(
            Limit.named(dimension + " " + match).where(dimension, match).requests(1).lifetime());
      }
    }
    all.add(
        Limit.named("all at once")
            .eachUser()
            .noProject()
            .caller("ranker")
            .tag("team", "blue")
            .tag("tier", "gold")
            .cost(Cost.usd("0.000000001"))
            .calendar(1, CalendarUnit.DAY, ZoneOffset.ofHoursMinutes(5, 45)));
    all.addAll(overEveryKindOfWindow());
    return all;
  }

  private static List<Limit> overEveryKindOfWindow() {
    List<Limit> all = new ArrayList<>();
    Limit rolling =
        Limit.named("rolling").requests(120).rolling(Duration.ofNanos(90_061_000_001_000L));
    all.add(rolling);
    all.add(Limit.named("months").totalTokens(5).rollingMonths(3));
    all.add(named("warning", rolling.warning()));
    all.add(named("alerting", rolling.alertingAt(50, 80, 1_000)));
    all.add(named("open", rolling.onOutage(OutagePolicy.failOpen(7))));
    all.add(named("charging", rolling.onUnpriced(UnpricedPolicy.charge(Cost.usd("0.5")))));
    all.add(named("admitting", rolling.onUnpriced(UnpricedPolicy.ADMIT)));
    all.add(
        Limit.named("weighted")
            .weightedTokens(5, TokenWeights.of("1", "4").cacheRead("0.1").cacheWrite1h("2.001"))
            .over(Window.calendarMonth(ZoneOffset.UTC).startingOn(31)));
    all.add(Limit.named("at once").eachUser().concurrentCalls(5));
    all.add(named("leased", rolling.leased(Duration.ofMillis(1_500))));
    all.add(named("exact", rolling.withGrain(Duration.ofNanos(1_000))));
    return all;
  }

  private static Limit named(String name, Limit limit) {
    return new Limit(
        name,
        limit.who(),
        limit.metric(),
        limit.maximum(),
        limit.window(),
        limit.action(),
        limit.alertPercents(),
        limit.outage(),
        limit.unpriced(),
        limit.chosenGrain(),
        limit.weights(),
        limit.leaseTerm());
  }

  private static Limit requests(String name, long maximum) {
    return Limit.named(name).requests(maximum).rolling(Duration.ofHours(1));
  }

  private List<String> names() {
    return limits().load().limits().stream().map(stored -> stored.limit().name()).toList();
  }

  private LimitStore limits() {
    return backend().limits();
  }

  /** faults B5. */
  @Test
  final void manyLimitsAreSavedInOneChangeAndTheLastOfANameCounts() {
    save(requests("a", 1));
    long before = limits().revision();

    List<StoredLimit> stored =
        limits()
            .saveAll(
                List.of(requests("b", 1), requests("a", 2), requests("b", 3)),
                PlainSeed.ofNothing());

    assertThat(limits().revision()).isEqualTo(before + 1);
    assertThat(stored).extracting(StoredLimit::id).doesNotHaveDuplicates();
    assertThat(limits().load().limits()).containsExactly(stored.get(1), stored.get(2));
  }

  /** faults B5. */
  @Test
  final void ofManyLimitsAllAreSavedOrNone() {
    long before = limits().revision();

    assertThatThrownBy(
            () ->
                limits()
                    .saveAll(
                        List.of(requests("a", 1), requests("b", 1)),
                        PlainSeed.failing(new IllegalStateException("a bug"))))
        .hasMessage("a bug");

    assertThat(limits().revision()).isEqualTo(before);
    assertThat(names()).isEmpty();
  }
}
