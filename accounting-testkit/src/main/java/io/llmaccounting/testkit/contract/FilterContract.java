package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A filter means the same in every question: in scans, in the latest records and in reports. */
public abstract class FilterContract extends BackendContract {

  static List<Dimension> dimensions() {
    return List.of(
        Dimension.MODEL,
        Dimension.PROVIDER,
        Dimension.PROJECT,
        Dimension.USER,
        Dimension.CALLER,
        Dimension.SESSION,
        Dimension.RESPONSE_MODEL,
        Dimension.OPERATION,
        Dimension.tag("team"),
        Dimension.tag("o'clock \"x\".$y"));
  }

  /** Names that differ only in what a careless comparison overlooks. */
  private static final List<String> NAMES =
      List.of(
          "bot-1", "bot-2", "Bot-1", "bot", "b%t-1", "b_t-1", "b\\t", "b*t", "b[o]t", "b\u00f6t");

  @ParameterizedTest
  @MethodSource("dimensions")
  final void everyMatchOnADimensionMeansTheSameEverywhere(Dimension dimension) {
    List<Usage> calls = new ArrayList<>();
    calls.add(aCall().on("other").usage());
    NAMES.forEach(name -> calls.add(called(name)));
    record(backend(), calls);

    for (String name : NAMES) {
      assertMeans(UsageFilter.all().with(dimension, Match.is(name)), calls);
      assertMeans(UsageFilter.all().with(dimension, Match.prefix(name)), calls);
    }
    assertMeans(UsageFilter.all().with(dimension, Match.prefix("b")), calls);
    assertMeans(UsageFilter.all().with(dimension, Match.is("nobody")), calls);
    assertMeans(UsageFilter.all().with(dimension, Match.absent()), calls);
  }

  @Test
  final void outcomesAndSourcesAreFilteredByName() {
    List<Usage> calls = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      calls.add(aCall().outcome(outcome).usage());
      calls.add(aCall().outcome(outcome).withoutTokens().usage());
      calls.add(aCall().outcome(outcome).source(TokenSource.PARTIAL).usage());
    }
    record(backend(), calls);

    for (Outcome outcome : Outcome.values()) {
      assertMeans(UsageFilter.all().with(Dimension.OUTCOME, Match.is(outcome.name())), calls);
    }
    for (TokenSource source : TokenSource.values()) {
      assertMeans(UsageFilter.all().with(Dimension.SOURCE, Match.is(source.name())), calls);
    }
  }

  @Test
  final void allMatchesMustHold() {
    List<Usage> calls =
        List.of(
            aCall().by("alice").in("search").tag("team", "blue").usage(),
            aCall().by("alice").in("search").tag("team", "red").usage(),
            aCall().by("alice").in("chat").tag("team", "blue").usage(),
            aCall().by("bob").in("search").tag("team", "blue").costing("1").usage());
    record(backend(), calls);

    UsageFilter filter = UsageFilter.all().project("search").tag("team", "blue");
    assertMeans(filter, calls);
    assertMeans(filter.user("alice"), calls);
    assertMeans(filter.unpriced(), calls);
    assertMeans(filter.user("alice").with(Dimension.PROVIDER, Match.absent()), calls);
  }

  private void assertMeans(UsageFilter filter, List<Usage> calls) {
    List<Usage> meant =
        calls.stream()
            .filter(usage -> filter.test(PlainDecider.stamped(usage, clock.instant())))
            .sorted(Comparator.comparing(Usage::id))
            .toList();

    List<Usage> scanned = new ArrayList<>();
    backend().usage().scan(TimeRange.always(), filter, read -> scanned.add(read.usage()));
    assertThat(scanned).as("scan %s", filter).isEqualTo(meant);

    assertThat(
            backend().usage().latest(UsageQuery.latest(1_000).only(filter)).stream()
                .map(RecordedUsage::usage))
        .as("latest %s", filter)
        .containsExactlyInAnyOrderElementsOf(meant);

    List<ReportRow> rows =
        backend()
            .usage()
            .report(
                new ReportQuery(
                    TimeRange.always(), filter, List.of(), null, ZoneOffset.UTC, false));
    assertThat(rows.stream().mapToLong(row -> row.totals().calls()).sum())
        .as("report %s", filter)
        .isEqualTo(meant.size());
  }

  private static Usage called(String name) {
    return aCall()
        .on(name)
        .provider(name)
        .in(name)
        .by(name)
        .caller(name)
        .session(name)
        .responseModel(name)
        .operation(name)
        .tag("team", name)
        .tag("o'clock \"x\".$y", name)
        .usage();
  }
}
