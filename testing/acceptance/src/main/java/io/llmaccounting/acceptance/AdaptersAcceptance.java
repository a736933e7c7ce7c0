package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.MeteredCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Adapters as they will be written: a blocking SDK with retries, a streaming one, one on an event
 * loop, and layers of them. They know the ports only.
 */
@DisplayName("small adapters on the ports")
public class AdaptersAcceptance extends AcceptanceTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(100).maxOutputTokens(100);

  /** What a provider would answer, in order; null is a connection that breaks. */
  private static final class Provider {
    private final Queue<Optional<TokenUsage>> answers = new ArrayDeque<>();
    private int requests;

    Provider answers(TokenUsage tokens) {
      answers.add(Optional.of(tokens));
      return this;
    }

    Provider breaks() {
      answers.add(Optional.empty());
      return this;
    }

    TokenUsage ask() throws IOException {
      requests++;
      return answers.remove().orElseThrow(() -> new IOException("connection reset"));
    }
  }

  /** The layer next to the network: it begins a call where nobody further out has. */
  private record HttpLayer(CallMeter meter, Provider provider) {
    TokenUsage send() throws IOException {
      Optional<MeteredCall> outer = CallContext.current().call();
      if (outer.isPresent()) {
        return exchange(outer.get());
      }
      try (LlmCall call = meter.begin(REQUEST)) {
        TokenUsage tokens = call.ask(() -> exchange(call));
        call.succeeded(ModelAnswer.withoutUsage());
        return tokens;
      }
    }

    private TokenUsage exchange(MeteredCall call) throws IOException {
      call.attempted();
      TokenUsage tokens = provider.ask();
      call.firstToken();
      call.answered(ModelAnswer.builder().tokens(tokens).responseModel("m-1").build());
      return tokens;
    }
  }

  /** A blocking SDK that tries three times; a denial goes above that. */
  private record Sdk(CallMeter meter, HttpLayer http) {
    TokenUsage complete() throws IOException {
      Optional<MeteredCall> outer = CallContext.current().call();
      if (outer.isPresent()) {
        return retrying();
      }
      try (LlmCall call = meter.begin(REQUEST);
          CallContext.Scope unused = CallContext.of(call).open()) {
        TokenUsage tokens = call.ask(this::retrying);
        // what this SDK makes of it is coarser than what the wire said
        call.answered(ModelAnswer.of(TokenUsage.of(tokens.input(), tokens.output())));
        call.succeeded(ModelAnswer.withoutUsage());
        return tokens;
      }
    }

    private TokenUsage retrying() throws IOException {
      IOException last = new IOException("never tried");
      for (int attempt = 0; attempt < 3; attempt++) {
        try {
          return http.send();
        } catch (IOException e) {
          last = e;
        }
      }
      throw last;
    }
  }

  /** A stream of texts that ends with its usage, or without. */
  private record Stream(LlmCall call, Iterator<String> texts, Optional<TokenUsage> usage) {
    /** Reads so many texts at most. */
    void read(int most) {
      long characters = 0;
      for (int i = 0; i < most && texts.hasNext(); i++) {
        call.firstToken();
        characters += texts.next().length();
        if (!call.textSeen(characters).isAdmitted()) {
          call.cancelled();
          return;
        }
      }
      if (texts.hasNext()) {
        call.cancelled();
      } else {
        call.succeeded(usage.map(ModelAnswer::of).orElseGet(ModelAnswer::withoutUsage));
      }
    }
  }

  private Usage only() {
    assertThat(accounting().tail()).hasSize(1);
    return accounting().tail().get(0).current();
  }

  private Sdk sdk(Provider provider) {
    return new Sdk(accounting(), new HttpLayer(accounting(), provider));
  }

  private static final TokenUsage CACHED =
      TokenUsage.cacheExcluded().input(20).cacheRead(70).output(5).build();

  @Test
  final void retriesAreAttemptsOfOneCallAndTheWireIsReadMostExactly() throws Exception {
    Provider provider = new Provider().breaks().breaks().answers(CACHED);

    sdk(provider).complete();

    assertThat(only().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(only().tokens()).isEqualTo(CACHED);
    assertThat(only().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(only().responseModel()).isEqualTo("m-1");
    assertThat(only().details().attempts()).isEqualTo(3);
    assertThat(only().details().streamed()).isTrue();
    assertThat(CallContext.current().call()).isEmpty();
  }

  @Test
  final void aCallThatFailsForGoodIsOneFailedCall() {
    Provider provider = new Provider().breaks().breaks().breaks();

    assertThatThrownBy(() -> sdk(provider).complete()).isInstanceOf(IOException.class);

    assertThat(only().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(only().details().attempts()).isEqualTo(3);
  }

  @Test
  final void aVetoGoesAboveAllThatRetriesAndTouchesNoNetwork() {
    save(Limit.named("none").requests(0).lifetime());
    Provider provider = new Provider();

    assertThatThrownBy(() -> sdk(provider).complete()).isInstanceOf(QuotaExceededException.class);

    assertThat(provider.requests).isZero();
    assertThat(accounting().tail()).isEmpty();
  }

  @Test
  final void theOutermostLayerMetersWhateverLayersThereAre() throws Exception {
    Provider provider = new Provider().answers(CACHED).breaks().answers(CACHED).answers(CACHED);
    Sdk sdk = sdk(provider);
    sdk.http().send();
    sdk.complete();
    try (LlmCall call = accounting().begin(REQUEST.session("framework"));
        CallContext.Scope unused = CallContext.of(call).open()) {
      call.ask(sdk::complete);
      call.succeeded(ModelAnswer.withoutUsage());
    }

    assertThat(accounting().tail()).hasSize(3);
    assertThat(accounting().tail())
        .extracting(record -> record.usage().tokens())
        .containsOnly(CACHED);
    assertThat(accounting().tail())
        .extracting(record -> record.usage().details().attempts())
        .containsExactlyInAnyOrder(1, 2, 1);
  }

  @Test
  final void aCallThatHasEndedIsNoLayerFurtherOut() throws Exception {
    Sdk sdk = sdk(new Provider().answers(CACHED).answers(CACHED));
    CallContext carried;
    try (LlmCall call = accounting().begin(REQUEST);
        CallContext.Scope unused = CallContext.of(call).open()) {
      carried = CallContext.current();
      call.ask(sdk::complete);
      call.succeeded(ModelAnswer.withoutUsage());
    }

    try (CallContext.Scope unused = carried.open()) {
      sdk.complete();
    }

    assertThat(accounting().tail()).hasSize(2);
  }

  @Test
  final void anEndReplacesWhatLayersHaveReadPartByPart() {
    LlmCall call = accounting().begin(REQUEST);
    call.attempted().answered(ModelAnswer.builder().tokens(CACHED).responseModel("m-1").build());
    call.attempted().answered(ModelAnswer.of(TokenUsage.of(1, 1)));

    call.succeeded(TokenUsage.of(50, 6));

    assertThat(only().tokens()).isEqualTo(TokenUsage.of(50, 6));
    assertThat(only().responseModel()).isEqualTo("m-1");
  }

  private Stream stream(Optional<TokenUsage> usage) {
    return new Stream(accounting().begin(REQUEST), List.of("abcd", "efgh").iterator(), usage);
  }

  @Test
  final void aStreamIsReportedCutOrEndsEarly() {
    stream(Optional.of(CACHED)).read(2);
    assertThat(accounting().tail().get(0).usage().tokens()).isEqualTo(CACHED);
    clock.advance(ofSeconds(1));

    stream(Optional.of(CACHED)).read(1);
    assertThat(accounting().tail().get(0).usage().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(accounting().tail().get(0).usage().source()).isEqualTo(TokenSource.ESTIMATED);
    clock.advance(ofSeconds(1));

    stream(Optional.empty()).read(2);
    assertThat(accounting().tail().get(0).usage().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(accounting().tail().get(0).usage().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  final void aStreamIsStoppedWhereThereIsNoRoomToGrow() {
    save(Limit.named("output").outputTokens(100).lifetime());
    LlmCall call = accounting().begin(REQUEST);

    new Stream(call, List.of("x".repeat(4_000), "y").iterator(), Optional.empty()).read(2);

    assertThat(only().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(used("output", aCall())).isGreaterThanOrEqualTo(1_000);
  }

  /** One thread does everything that the application does: whoever waits on it stands still. */
  @Test
  final void anEventLoopIsNeverHeldUp() throws Exception {
    save(Limit.named("three").requests(3).lifetime());
    ExecutorService loop =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "the event loop"));
    try {
      CallMeter meter = another(settings -> settings.executor(loop));
      List<CompletableFuture<TokenUsage>> answers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        answers.add(
            CompletableFuture.supplyAsync(() -> completeAsync(meter), loop)
                .thenCompose(answer -> answer));
      }
      List<String> ends = new ArrayList<>();
      for (CompletableFuture<TokenUsage> answer : answers) {
        ends.add(answer.handle(AdaptersAcceptance::said).get(30, TimeUnit.SECONDS));
      }

      assertThat(ends).filteredOn("answered"::equals).hasSize(3);
      assertThat(ends).filteredOn("denied"::equals).hasSize(2);
      assertThat(accounting().tail()).hasSize(3);
      assertThat(held("three", aCall())).isZero();
    } finally {
      loop.shutdownNow();
    }
  }

  private static String said(TokenUsage tokens, Throwable error) {
    Throwable reason = error instanceof CompletionException ? error.getCause() : error;
    if (reason == null) {
      return "answered";
    }
    return reason instanceof QuotaExceededException ? "denied" : reason.toString();
  }

  private static CompletionStage<TokenUsage> completeAsync(CallMeter meter) {
    return meter
        .beginAsync(REQUEST)
        .thenCompose(
            call -> {
              assertThat(Thread.currentThread().getName()).isEqualTo("the event loop");
              return call.textSeenAsync(4_000)
                  .thenCompose(decision -> call.succeededAsync(CACHED))
                  .thenApply(receipt -> CACHED);
            });
  }

  @Test
  final void whatACallSaysComesBeforeTheContextAndThatBeforeTheDefaults() {
    CallMeter meter =
        another(
            settings ->
                settings.defaults(
                    Attribution.NONE.withProject("p0").withUser("u0").withCaller("c0")));
    Attribution ann = Attribution.NONE.withUser("ann").withSession("s1");
    try (CallContext.Scope outer = CallContext.of(ann).open();
        CallContext.Scope inner =
            CallContext.of(Attribution.NONE.withProject("p1").withSession("s2")).open()) {
      meter.track(aCall().by(null).in(null).usage());
      clock.advance(ofSeconds(1));
      meter.begin(REQUEST.session("own")).succeeded(TokenUsage.of(1, 1));
    }
    clock.advance(ofSeconds(1));
    meter.begin(REQUEST).succeeded(TokenUsage.of(1, 1));

    assertThat(accounting().tail())
        .extracting(record -> record.usage().attribution())
        .containsExactly(
            Attribution.NONE.withProject("p0").withUser("u0").withCaller("c0"),
            Attribution.NONE.withProject("p1").withUser("ann").withCaller("c0").withSession("own"),
            Attribution.NONE.withProject("p1").withUser("ann").withCaller("c0").withSession("s2"));
  }
}
