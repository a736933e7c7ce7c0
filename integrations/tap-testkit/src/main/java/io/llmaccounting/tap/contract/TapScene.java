package io.llmaccounting.tap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What all cases share: a provider, an accounting in memory that goes on after failures. */
abstract class TapScene {
  static final Question QUESTION = Question.of("What is a tap?");

  final FakeProvider provider = FakeProvider.start();
  final Records records = new Records();
  final List<RuntimeException> contained = new CopyOnWriteArrayList<>();
  final InMemoryBackend backend = InMemoryBackend.create();
  final LlmAccounting accounting =
      LlmAccounting.builder(backend)
          .pricing(PriceCatalog.bundled())
          .listener(records)
          .continueOnError(contained::add)
          .timeout(Duration.ofSeconds(5))
          .withoutShutdownHook()
          .build();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** The shape in which the client asks. */
  protected abstract ProviderShape shape();

  /**
   * The client as an application makes it, metered by {@code meter}, of the provider at {@code
   * uri}; closed by the contract.
   */
  protected abstract TapClient metered(CallMeter meter, URI uri);

  /** The same client without metering. */
  protected abstract TapClient bare(URI uri);

  /**
   * As what a denial reaches whoever waits: the exception itself, or what carries it as a cause
   * where the client lets no other through, which its page documents.
   */
  protected Class<? extends Throwable> denialComesAs() {
    return QuotaExceededException.class;
  }

  /** The same for a call without waiting: the failure of its future. */
  protected Class<? extends Throwable> asyncDenialComesAs() {
    return denialComesAs();
  }

  /** The same for a denial that stops a stream. */
  protected Class<? extends Throwable> stopComesAs() {
    return denialComesAs();
  }

  /**
   * Whether the request is given up where its future is cancelled. Where the client lets it run on,
   * which its page documents, the answer is paid for, and recorded though nobody sees it.
   */
  protected boolean cancellingReachesTheRequest() {
    return true;
  }

  /**
   * Whether the client may break another call off together with one that is cancelled, because it
   * closes a connection that has gone on to that.
   */
  protected boolean cancellingMayBreakOthersOff() {
    return false;
  }

  /**
   * Whether bytes are handed out that come together with the break of their connection. Where the
   * client loses them nothing is known of such an answer, so that its tokens are missing.
   */
  protected boolean handsOutWhatComesWithABreak() {
    return true;
  }

  /**
   * Whether each request on the wire is seen. A framework that repeats requests below the adapter
   * shows none, and attempts are unknown.
   */
  protected boolean seesAttempts() {
    return true;
  }

  /**
   * Whether a client fails where it cannot read the usage, and hands out nothing of the answer.
   * Then nothing may be known of it, as of one that did not come.
   */
  protected boolean failsOverUsageThatItCannotRead() {
    return false;
  }

  /** Whether the client itself keeps all of a stream until its end. */
  protected boolean keepsItsStreams() {
    return false;
  }

  /**
   * What is known of {@code answer} here. A framework may hand out less of an answer than came,
   * which its page documents.
   */
  protected ModelAnswer handedOut(ModelAnswer answer, boolean streamed) {
    return answer;
  }

  /** How many pieces of a stream the client itself holds back until more of them come. */
  protected int piecesHeldBack() {
    return 0;
  }

  /** Fails unless {@code record} counts so many attempts, or none where they are not seen. */
  final void assertAttempts(Usage record, int count) {
    assertThat(record.details().attempts()).isEqualTo(seesAttempts() ? count : null);
  }

  /** What is known of an answer whose connection has broken. */
  final TokenSource[] sourcesOfABreak() {
    return handsOutWhatComesWithABreak()
        ? new TokenSource[] {TokenSource.PARTIAL, TokenSource.ESTIMATED}
        : new TokenSource[] {TokenSource.PARTIAL, TokenSource.ESTIMATED, TokenSource.MISSING};
  }

  @AfterEach
  final void closeAll() throws Exception {
    for (AutoCloseable open : opened) {
      open.close();
    }
    accounting.close();
    provider.close();
  }

  final TapClient client() {
    return clientOf(accounting);
  }

  final TapClient clientOf(CallMeter meter) {
    TapClient client = metered(meter, provider.uri());
    opened.add(client);
    return client;
  }

  final TapClient bareClient() {
    TapClient client = bare(provider.uri());
    opened.add(client);
    return client;
  }

  /** The record of the only call; fails if there is none, or another. */
  final Usage record() throws InterruptedException {
    List<Usage> all = records.await(1);
    assertThat(all).as("records of one call").hasSize(1);
    return all.get(0);
  }

  /** What the reader says of the golden whole answer. */
  final ModelAnswer golden() {
    return handedOut(UsageReader.create().read(shape().answerText()).answer(), false);
  }

  /** What the reader says of the golden stream. */
  final ModelAnswer goldenStream() {
    return handedOut(UsageReader.create().read(shape().streamText()).answer(), true);
  }

  /** Fails unless {@code record} has the figures and the cost of {@code answer}, to the nano. */
  final void assertRecordOf(Usage record, ModelAnswer answer) {
    assertThat(record.tokens()).isEqualTo(answer.tokens());
    assertThat(record.source()).isEqualTo(answer.source());
    assertThat(record.responseModel()).isEqualTo(answer.responseModel());
    assertThat(record.details().responseId()).isEqualTo(answer.responseId());
    assertThat(record.details().finishReason()).isEqualTo(answer.finishReason());
    assertThat(record.details().serviceTier()).isEqualTo(answer.serviceTier());
    assertThat(record.extras()).isEqualTo(answer.extras());
    assertThat(record.model()).isEqualTo(shape().model());
    assertThat(costOf(record)).isNotNull().isEqualTo(priced(record, answer));
  }

  private @Nullable PricedCost costOf(Usage record) {
    return accounting.tail(UsageFilter.all(), 100).stream()
        .map(RecordedUsage::usage)
        .filter(stored -> stored.id().equals(record.id()))
        .findFirst()
        .orElseThrow()
        .computedCost();
  }

  /** The cost that another accounting gives the same answer. */
  private static @Nullable PricedCost priced(Usage record, ModelAnswer answer) {
    try (LlmAccounting other =
        LlmAccounting.builder(InMemoryBackend.create())
            .pricing(PriceCatalog.bundled())
            .withoutShutdownHook()
            .build()) {
      CallRequest asked = CallRequest.to(record.model());
      String provider = record.provider();
      other.begin(provider == null ? asked : asked.provider(provider)).succeeded(answer);
      return other.tail().get(0).usage().computedCost();
    }
  }

  /** Fails unless nothing is held, for no call is under way. */
  final void assertNothingHeld() {
    assertThat(accounting.quotas().status(CallRequest.to(shape().model())))
        .allSatisfy(status -> assertThat(status.held()).as("%s", status).isZero());
  }

  /** How many calls are under way, where that is watched. */
  final long heldCalls() {
    return accounting.quotas().status(CallRequest.to(shape().model())).stream()
        .mapToLong(LimitStatus::held)
        .max()
        .orElse(0);
  }

  /** Watches how many calls are under way. */
  final void watchCalls() {
    accounting.limits().save(Limit.named("under way").concurrentCalls(1_000));
  }

  /** Lets nothing through. */
  final void denyAll() {
    accounting.limits().save(Limit.named("shut").requests(0).rolling(Duration.ofDays(1)));
  }

  static CallContext.Scope as(String user) {
    return CallContext.of(Attribution.NONE.withUser(user)).open();
  }

  /** The denial in what was thrown. */
  final QuotaExceededException denialIn(
      @Nullable Throwable thrown, Class<? extends Throwable> comesAs) {
    assertThat(thrown).isInstanceOf(comesAs);
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof QuotaExceededException denial) {
        return denial;
      }
    }
    throw new AssertionError("no denial in it", thrown);
  }

  /** Reads a stream to its end. */
  static List<String> all(TapClient.Stream stream) throws Exception {
    List<String> pieces = new ArrayList<>();
    for (String piece = stream.next(); piece != null; piece = stream.next()) {
      pieces.add(piece);
    }
    return pieces;
  }

  /** What a client gives for {@code answer}: the answer, or the class of what it throws. */
  static Object outcome(FakeProvider provider, TapClient client, FakeAnswer answer) {
    provider.answering(answer);
    try {
      return client.ask(QUESTION);
    } catch (Exception e) {
      return e.getClass();
    }
  }
}
