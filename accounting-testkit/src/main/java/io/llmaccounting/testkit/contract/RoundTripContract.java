package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A record is read back exactly as it was stored: every field, every absence, every extreme. */
public abstract class RoundTripContract extends BackendContract {
  private static final Instant AT = Instant.parse("2026-03-02T08:59:59.123456Z");

  @Test
  final void everyFieldComesBack() {
    assertComesBack(full());
  }

  @Test
  final void whatIsAbsentStaysAbsent() {
    Usage read = assertComesBack(aCall().withoutTokens().usage());

    assertThat(read.tokens()).as("unknown tokens are null, not zero").isNull();
    assertThat(read.cost()).as("an unknown cost is absent, not zero").isEmpty();
  }

  @Test
  final void zeroIsNotAbsence() {
    Usage read =
        assertComesBack(
            aCall()
                .tokens(TokenUsage.cacheExcluded().reportedTotal(0).build())
                .cost(Cost.ZERO)
                .localInputTokens(0)
                .localOutputTokens(0)
                .latency(Duration.ZERO)
                .timeToFirstToken(Duration.ZERO)
                .streamed(false)
                .extra("searches", 0)
                .usage());

    assertThat(read.cost()).contains(Cost.ZERO);
  }

  @Test
  final void whatFewCallsSayComesBackAmongThoseThatDoNot() {
    List<Usage> stored = new ArrayList<>();
    for (int times = 0; times < 3; times++) {
      List<Usage> batch =
          List.of(
              aCall().withoutTokens().usage(),
              full("k" + times),
              aCall().outcome(Outcome.FAILED).usage());
      record(aCall().usage());
      record(batch.toArray(Usage[]::new));
      stored.addAll(batch);
    }

    for (Usage usage : stored) {
      assertThat(backend().usage().find(usage.id()).map(RecordedUsage::usage)).contains(usage);
    }
    assertThat(backend().maintenance().compareRollups()).isEmpty();
  }

  @Test
  final void everyOutcomeAndSourceComesBack() {
    for (Outcome outcome : Outcome.values()) {
      assertComesBack(aCall().outcome(outcome).usage());
    }
    for (TokenSource source : TokenSource.values()) {
      CallFixture call = source == TokenSource.MISSING ? aCall().withoutTokens() : aCall();
      assertComesBack(call.source(source).usage());
    }
  }

  @Test
  final void theLargestNumbersComeBack() {
    long most = TokenUsage.MAX_PART;

    assertComesBack(
        aCall()
            .tokens(new TokenUsage(most, most, most, most, most, most, most, most, 4 * most))
            .cost(Cost.MAX_PER_CALL)
            .localInputTokens(most)
            .localOutputTokens(most)
            .latency(Duration.ofDays(36_500))
            .attempts(Integer.MAX_VALUE)
            .extra("seconds", most)
            .usage());
  }

  @Test
  final void theFirstAndTheLastInstantComeBack() {
    assertComesBack(aCall().at(Instant.EPOCH).usage());
    assertComesBack(aCall().at(Instant.parse("5999-12-31T23:59:59.999999Z")).usage());
  }

  @Test
  final void namesComeBackLetterByLetter() {
    for (String name :
        List.of(
            "O'Brien; DROP TABLE usage_event --",
            "\"quoted\" \\ {\"a\":[1]} %_?$1:x",
            "tab\tnewline\nreturn\rbell\u0007",
            "Ä\u0301\u00df\u0130\u200d \ud83d\ude80\ud83c\udffd \u4e2d\u6587",
            "x".repeat(255))) {
      assertComesBack(
          aCall()
              .on(name)
              .by(name)
              .in(name)
              .caller(name)
              .session(name)
              .tag(name, name)
              .extra(name, 1)
              .key(name)
              .responseModel(name)
              .operation(name)
              .provider(name)
              .failed(name, name)
              .usage());
    }
  }

  @Test
  final void upToSixteenTagsComeBack() {
    CallFixture call = aCall();
    for (int i = 0; i < 16; i++) {
      call.tag("tag" + i, "value" + i);
    }

    assertComesBack(call.usage());
  }

  /** Scenario 38. */
  @Test
  final void theSessionIsReadableBack() {
    Usage read = assertComesBack(aCall().session("s1").usage());

    assertThat(read.attribution().session()).isEqualTo("s1");
  }

  @Test
  final void whatTheLedgerAddsComesBack() {
    Usage usage =
        aCall().usage().withComputedCost(new PricedCost(Cost.usd("0.000000001"), "openai/1"));
    RecordedUsage stamped = new RecordedUsage(usage, AT, AT.plusNanos(1_000), true, null);

    backend().ledger().transact(batch(backend()), storing(stamped));

    assertThat(backend().usage().find(usage.id())).contains(stamped);
  }

  private static Decider storing(RecordedUsage record) {
    return new Decider() {
      @Override
      public List<RecordedUsage> stamp(LedgerView view) {
        return List.of(record);
      }

      @Override
      public LedgerWrites decide(LedgerView view, StoredRecords records) {
        return LedgerWrites.NONE;
      }
    };
  }

  /** Stores it and reads it back in every way there is, also after the storage was reopened. */
  private Usage assertComesBack(Usage usage) {
    UUID id = usage.id();
    RecordedUsage expected = PlainDecider.stamped(usage, clock.instant());

    record(usage);

    assertThat(backend().usage().find(id)).contains(expected);
    assertThat(
            backend().usage().latest(UsageQuery.latest(100)).stream()
                .filter(read -> read.usage().id().equals(id)))
        .containsExactly(expected);
    return reopen().usage().find(id).orElseThrow().usage();
  }

  static Usage full() {
    return full("key-1");
  }

  private static Usage full(String key) {
    return aCall()
        .key(key)
        .at(AT)
        .on("gpt-5-mini")
        .responseModel("gpt-5-mini-2025-08-07")
        .provider("openai")
        .operation("chat")
        .tokens(new TokenUsage(1, 2, 3, 4, 5, 6, 7, 8, 40L))
        .source(TokenSource.ESTIMATED)
        .localInputTokens(11)
        .localOutputTokens(12)
        .extra("web_search", 3)
        .extra("image", 1)
        .parts(
            List.of(
                new CallPart(
                    "advisor",
                    "gpt-5 \"x\"",
                    "openai",
                    new TokenUsage(0, 1, 1, 2, 2, 3, 3, 4, 7L),
                    new PricedCost(Cost.usd("0.01"), "openai/gpt-5", true)),
                CallPart.of("compaction", null, TokenUsage.of(1, 2))))
        .costing("0.0379055")
        .reportedCost(Cost.usd("0.041"))
        .outcome(Outcome.FAILED)
        .details(details())
        .by("alice")
        .in("search")
        .caller("ranker")
        .session("s1")
        .tag("team", "blue")
        .tag("tier", "gold")
        .usage()
        .withComputedCost(new PricedCost(Cost.usd("0.04"), "openai/gpt-5-mini/2025", true))
        .withCostPolicy(ReportedCostPolicy.PREFER_COMPUTED);
  }

  private static CallDetails details() {
    return new CallDetails(
        Duration.ofNanos(640_123_000),
        Duration.ofNanos(120_001_000),
        true,
        "stop",
        "chatcmpl-1",
        3,
        "RateLimitError",
        "429: slow down",
        "flex",
        "fast",
        true,
        "eu-west-1",
        "{\"total_tokens\": 41}",
        new RequestSettings(512L, 0.7, 0.95, 4L, "OpenAI/Python 1.52.0"));
  }
}
