package io.llmaccounting.server.rest;

import static io.llmaccounting.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.client.LlmAccountingClient;
import io.llmaccounting.client.LlmAccountingClientBuilder;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageQuery;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against the server that it is made for. */
class ClientTest extends RestTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").user("ann").inputTokens(100).maxOutputTokens(100);

  private final List<LlmAccountingClient> opened = new ArrayList<>();
  private final List<RuntimeException> heard = new java.util.concurrent.CopyOnWriteArrayList<>();

  @AfterEach
  void closeClients() {
    opened.forEach(LlmAccountingClient::close);
  }

  private LlmAccountingClient client() {
    return client(UnaryOperator.identity());
  }

  private LlmAccountingClient client(UnaryOperator<LlmAccountingClientBuilder> settings) {
    return client(scene().key(null, AccessRole.INGEST, AccessRole.READ), settings);
  }

  private LlmAccountingClient client(
      String key, UnaryOperator<LlmAccountingClientBuilder> settings) {
    LlmAccountingClient client =
        settings
            .apply(
                LlmAccountingClient.builder(URI.create(scene().at("").toString()), key)
                    .clock(scene().clock)
                    .errorHandler(heard::add)
                    .withoutShutdownHook())
            .build();
    opened.add(client);
    return client;
  }

  private Usage call() {
    return UsageFixtures.aCall().at(scene().clock.instant()).usage();
  }

  private List<RecordedUsage> stored() {
    return scene().accounting.tail(UsageFilter.all(), 100);
  }

  private void tokensADay(long most) {
    scene()
        .accounting
        .limits()
        .save(
            Limit.named("tokens").totalTokens(most).calendar(1, CalendarUnit.DAY, ZoneOffset.UTC));
  }

  private long held() {
    return scene().accounting.quotas().status(REQUEST).stream().mapToLong(LimitStatus::held).sum();
  }

  @Test
  void aCallIsRecordedAsItWasToldAndOnce() {
    Usage told =
        UsageFixtures.aCall()
            .key("k")
            .at(scene().clock.instant())
            .provider("openai")
            .tag("team", "red")
            .failed("rate_limit", "slow \"down\" \u0001 é")
            .latency(Duration.ofMillis(640))
            .extra("web_search", 3)
            .usage();

    Receipt first = client().track(told);
    Receipt again = client().track(told);

    assertThat(first.status()).isEqualTo(Receipt.Status.RECORDED);
    assertThat(first.id()).isEqualTo(told.id());
    assertThat(again.status()).isEqualTo(Receipt.Status.DUPLICATE);
    assertThat(stored())
        .extracting(recorded -> recorded.usage().withComputedCost(null))
        .containsExactly(told);
    assertThat(first.cost()).isEqualTo(stored().get(0).cost()).isPresent();
  }

  @Test
  void anotherCallUnderAnIdIsAConflictAndNothingIsWaitedFor() {
    LlmAccountingClient client = client();
    Usage one = call();
    client.track(one);
    Usage other = UsageFixtures.aCall().id(one.id()).at(one.occurredAt()).tokens(7, 7).usage();

    assertThatThrownBy(() -> client.track(other)).isInstanceOf(UsageConflictException.class);
    assertThatThrownBy(() -> client.trackAsync(other).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(UsageConflictException.class);
    assertThat(client.health().counts().conflicts()).isEqualTo(2);
    assertThat(client.health().buffer().records()).isZero();
    assertThat(heard).isEmpty();
  }

  @Test
  void callsOfManyThreadsGoTogether() {
    LlmAccountingClient client = client();
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      receipts.add(client.trackAsync(call()).toCompletableFuture());
    }

    assertThat(receipts)
        .allSatisfy(one -> assertThat(one.join().status()).isEqualTo(Receipt.Status.RECORDED));
    assertThat(scene().accounting.tail(UsageFilter.all(), 3_000)).hasSize(2_500);
  }

  @Test
  void aCallIsLetInAndItsHoldIsGivenBackWithItsEnd() {
    tokensADay(1_000);
    LlmAccountingClient client = client();

    LlmCall call = client.begin(REQUEST.session("s"));
    assertThat(call.admission().limits().get(0).remaining().units()).isEqualTo(800);
    assertThat(held()).isEqualTo(200);
    scene().clock.advance(Duration.ofMillis(640));
    Receipt receipt = call.succeeded(TokenUsage.of(90, 10));

    assertThat(receipt.status()).isEqualTo(Receipt.Status.RECORDED);
    assertThat(held()).isZero();
    Usage record = stored().get(0).usage();
    assertThat(record.id()).isEqualTo(call.id());
    assertThat(record.tokens()).isEqualTo(TokenUsage.of(90, 10));
    assertThat(record.details().latency()).isEqualTo(Duration.ofMillis(640));
    assertThat(record.attribution().session()).isEqualTo("s");
    assertThat(call.failed(new IllegalStateException("too late"))).isEqualTo(receipt);
    assertThat(stored()).hasSize(1);
  }

  @Test
  void aRefusalIsTheSameAsThatOfTheLibrary() {
    tokensADay(150);
    QuotaExceededException here = null;
    try {
      scene().accounting.begin(REQUEST);
    } catch (QuotaExceededException e) {
      here = e;
    }
    QuotaExceededException expected = here;
    assertThat(expected).isNotNull();

    assertThatThrownBy(() -> client().begin(REQUEST))
        .isInstanceOfSatisfying(
            QuotaExceededException.class,
            there -> {
              assertThat(there.denied()).isEqualTo(expected.denied());
              assertThat(there).hasMessage(expected.getMessage());
              assertThat(there.retryAfter()).isEqualTo(expected.retryAfter());
            });
    assertThat(client().quotas().check(REQUEST))
        .isEqualTo(scene().accounting.quotas().check(REQUEST));
  }

  @Test
  void aStreamGrowsItsHoldUntilThereIsNoRoom() {
    tokensADay(1_000);
    LlmCall call = client().begin(REQUEST);

    assertThat(call.progress(TokenUsage.of(100, 100)).isAdmitted()).isTrue();
    assertThat(held()).isEqualTo(200);
    assertThat(call.progress(TokenUsage.of(100, 101)).isAdmitted()).isTrue();
    assertThat(held()).isEqualTo(457);
    assertThat(call.progress(TokenUsage.of(100, 700)).isAdmitted()).isTrue();
    assertThat(held()).isEqualTo(800);
    assertThat(call.progress(TokenUsage.of(100, 901))).isInstanceOf(Decision.Denied.class);
    assertThat(held()).isEqualTo(800);
    call.cancelled();

    assertThat(stored().get(0).usage().source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(stored().get(0).usage().tokens()).isEqualTo(TokenUsage.of(100, 901));
    assertThat(held()).isZero();
  }

  @Test
  void aCallThatLostItsHoldIsRecordedAllTheSame() {
    tokensADay(1_000);
    LlmAccountingClient client = client();
    LlmCall call = client.begin(REQUEST);
    scene().accounting.quotas().hold(call.id()).release();

    assertThat(call.progress(TokenUsage.of(100, 500)).isAdmitted()).isTrue();
    assertThat(call.succeeded(TokenUsage.of(100, 500)).status()).isEqualTo(Receipt.Status.RECORDED);

    assertThat(stored()).hasSize(1);
    assertThat(stored().get(0).usage().id()).isEqualTo(call.id());
  }

  @Test
  void aCallThatIsClosedIsUnfinishedAndBetterFiguresReplaceIt() {
    LlmAccountingClient client = client();
    LlmCall call = client.begin(REQUEST);
    call.close();
    assertThat(stored().get(0).current().outcome()).isEqualTo(Outcome.UNFINISHED);

    Receipt better = call.succeeded(TokenUsage.of(3, 4));

    assertThat(better.status()).isEqualTo(Receipt.Status.SUPERSEDED);
    assertThat(stored()).hasSize(1);
    assertThat(stored().get(0).current().tokens()).isEqualTo(TokenUsage.of(3, 4));
  }

  @Test
  void holdsAreTakenGrownRenewedSettledAndReleased() {
    tokensADay(1_000);
    LlmAccountingClient client = client();
    HeldCall held = client.quotas().reserve(REQUEST).hold().orElseThrow();
    assertThat(held.grow(REQUEST.maxOutputTokens(200)).isAdmitted()).isTrue();
    assertThat(held()).isEqualTo(300);
    assertThat(held.renew()).isEqualTo(scene().clock.instant().plus(Duration.ofMinutes(10)));
    held.release();
    held.release();
    assertThat(held()).isZero();

    HeldCall other = client.quotas().reserve(REQUEST).hold().orElseThrow();
    assertThat(other.settle(TokenUsage.of(1, 2)).status()).isEqualTo(Receipt.Status.RECORDED);
    assertThat(other.settle(TokenUsage.of(1, 2)).id()).isEqualTo(other.id());
    assertThat(stored()).hasSize(1);
  }

  @Test
  void aCallThatNobodyWaitsForAnyMoreIsWithdrawn() {
    tokensADay(1_000);
    CompletableFuture<LlmCall> begun = client().beginAsync(REQUEST).toCompletableFuture();
    begun.cancel(true);

    eventually("what is held is given back", () -> held() == 0);
    assertThat(stored()).isEmpty();
  }

  /** As where a server was killed before it could answer, and the request was sent again. */
  @Test
  void aHoldThatNobodyKnowsLeavesNoRecordBesideThatOfItsCall() {
    tokensADay(1_000);
    LlmAccountingClient client = client();
    scene().accounting.quotas().reserve(REQUEST.key("early"));
    client.begin(REQUEST.key("early")).succeeded(TokenUsage.of(3, 4));
    scene().accounting.quotas().reserve(REQUEST.key("late"));
    LlmCall late = client.begin(REQUEST.key("late").holdFor(Duration.ofHours(2)));
    scene().clock.advance(Duration.ofMinutes(11));
    assertThat(stored()).hasSize(2);
    Receipt receipt = late.succeeded(TokenUsage.of(5, 6));

    assertThat(receipt.status()).isEqualTo(Receipt.Status.SUPERSEDED);
    assertThat(stored())
        .extracting(recorded -> recorded.current().tokens())
        .containsExactlyInAnyOrder(TokenUsage.of(3, 4), TokenUsage.of(5, 6));
    assertThat(held()).isZero();
    assertThat(scene().accounting.admin().verify().differences()).isEmpty();
  }

  @Test
  void aCallThatIsBegunHasItsIdAsKeyUnlessItHasAnother() {
    LlmAccountingClient client = client();
    client.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
    client.begin(REQUEST.key("own")).succeeded(TokenUsage.of(1, 1));

    assertThat(stored()).extracting(recorded -> recorded.usage().key()).contains("own");
    assertThat(stored()).extracting(recorded -> recorded.usage().key()).doesNotContainNull();
  }

  @Test
  void reportsAndListsAreThoseOfTheLibrary() {
    LlmAccountingClient client = client();
    for (int i = 0; i < 5; i++) {
      client.track(UsageFixtures.aCall().by("u" + i % 2).at(scene().clock.instant()).usage());
      scene().clock.advance(Duration.ofSeconds(1));
    }
    ReportQuery query =
        new ReportQuery(
            new TimeRange(scene().clock.instant().minusSeconds(3_600), scene().clock.instant()),
            UsageFilter.all(),
            List.of(Dimension.USER),
            null,
            ZoneOffset.UTC,
            false);

    assertThat(client.report(query))
        .isEqualTo(scene().accounting.report(query.period()).by(Dimension.USER).run());
    List<UsageHistory> all = scene().accounting.find(UsageQuery.latest(10));
    assertThat(client.find(UsageQuery.latest(10))).isEqualTo(all);
    UsageQuery rest = UsageQuery.latest(10).before(UsageQuery.Position.of(all.get(1).record()));
    assertThat(client.find(rest)).isEqualTo(all.subList(2, 5));
    assertThat(client.tail(UsageFilter.all().user("u1"), 10)).hasSize(2);
  }

  @Test
  void aKeyOfAProjectIsToldThatALimitBeyondRefuses() {
    tokensADay(250);
    client().track(UsageFixtures.aCall().tokens(60, 40).at(scene().clock.instant()).usage());
    String key = scene().key("apollo", AccessRole.INGEST);
    LlmAccountingClient client = client(key, UnaryOperator.identity());

    assertThatThrownBy(() -> client.begin(REQUEST))
        .isInstanceOfSatisfying(
            QuotaExceededException.class,
            e -> {
              assertThat(e.limitName()).isEqualTo("beyond the project of the key");
              assertThat(e.denied().fitsAt()).isPresent();
            });
    Usage one = call();
    assertThat(client.track(one).status()).isEqualTo(Receipt.Status.RECORDED);
    assertThat(client.track(one).status()).isEqualTo(Receipt.Status.DUPLICATE);
    assertThat(stored().get(0).usage().attribution().project()).isEqualTo("apollo");
  }

  @Test
  void aWrongKeyIsToldOnceAndTheRecordsAreKept() {
    LlmAccountingClient client =
        client("sk-acc-wrong-canary", settings -> settings.closeTimeout(Duration.ofMillis(50)));

    assertThatThrownBy(() -> client.track(call()))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.UNUSABLE))
        .hasMessageContaining("the key is refused");
    assertThat(client.track(call()).status()).isEqualTo(Receipt.Status.BUFFERED);

    assertThat(client.health().isWell()).isFalse();
    assertThat(client.health().store().reason()).contains("the key is refused");
    assertThat(client.health().buffer().records()).isEqualTo(2);
    assertThat(client.toString() + client.health() + heard).doesNotContain("canary");
    UUID unused = client.newId();
  }
}
