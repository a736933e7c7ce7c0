package io.llmaccounting.tap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streamed answers: passed on as they come, and ended whatever way they end. */
abstract class StreamCases extends FailureCases {
  private static final int MEGABYTE = 1 << 20;
  private static final long MEGABYTES = Long.getLong("streamed.megabytes", 24);
  private static final int PIECE = 4_000;

  @Test
  final void aStreamIsOneRecordWithTheTokensAndTheCostOfItsAnswer() throws Exception {
    List<String> bare = all(bareClient().stream(QUESTION));

    List<String> metered = all(client().stream(QUESTION));

    assertThat(String.join("", metered)).isEqualTo(String.join("", bare));
    Usage record = record();
    assertRecordOf(record, goldenStream());
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record.details().streamed()).isTrue();
    assertThat(record.details().timeToFirstToken()).isNotNull();
    assertNothingHeld();
    assertThat(contained).isEmpty();
  }

  @Test
  final void aStreamThatIsCutAtAnyByteIsReadTheSame() throws Exception {
    provider.answering(shape().stream().inPiecesOf(1));

    List<String> unused = all(client().stream(QUESTION));

    assertRecordOf(record(), goldenStream());
  }

  @Test
  final void aStreamWithinAnotherLayersIsNoRecordOfItsOwn() throws Exception {
    try (LlmCall outer = accounting.begin(CallRequest.to(shape().model()))) {
      List<String> unused = outer.ask(() -> all(client().stream(QUESTION)));
      outer.succeeded(ModelAnswer.withoutUsage());
    }

    assertRecordOf(record(), goldenStream());
  }

  @Test
  final void eachPiecePassesBeforeTheNextIsSent() throws Exception {
    Gate gate = new Gate();
    provider.answering(shape().stream().waitingBefore(afterTheFirstText(), gate));
    TapClient.Stream stream = client().stream(QUESTION);

    String first = stream.next();
    gate.awaitReached();
    int recorded = records.count();
    gate.open();
    List<String> rest = all(stream);

    assertThat(first).isNotNull();
    assertThat(recorded).isZero();
    assertThat(rest).isNotNull();
    assertRecordOf(record(), goldenStream());
  }

  /** The event before which the client has handed out the first text. */
  private int afterTheFirstText() {
    return shape().textEvent() + 1 + piecesHeldBack();
  }

  @Test
  final void aStreamThatIsClosedEarlyIsACancelledRecordOfWhatHadCome() throws Exception {
    Gate gate = new Gate();
    provider.answering(shape().stream().waitingBefore(afterTheFirstText(), gate));
    TapClient.Stream stream = client().stream(QUESTION);
    String unused = stream.next();
    gate.awaitReached();

    stream.close();

    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
    gate.open();
    assertNothingHeld();
  }

  @Test
  final void aStreamWhoseConnectionBreaksIsAFailedRecordOfWhatHadCome() throws Exception {
    FakeAnswer broken = shape().stream().brokenBefore(shape().textEvent() + 1);
    provider.answering(broken, broken);
    Object bare = endOf(bareClient());

    Object metered = endOf(client());

    // not every client tells that a stream has broken off
    assertThat(metered).isEqualTo(bare);
    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record.source()).isIn((Object[]) sourcesOfABreak());
    assertNothingHeld();
  }

  @Test
  final void aStreamWithoutTheMarkOfItsEndIsAFailedRecordOfWhatHadCome() throws Exception {
    FakeAnswer early = shape().stream().endingBefore(shape().textEvent() + 1);
    provider.answering(early, early);
    Object bare = endOf(bareClient());

    Object metered = endOf(client());

    assertThat(metered).isEqualTo(bare);
    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
    assertNothingHeld();
  }

  @Test
  final void aStreamInWhichTheProviderReportsAnErrorIsAFailedRecordOfWhatHadCome()
      throws Exception {
    FakeAnswer failing = shape().failingStream();
    provider.answering(failing, failing);
    Object bare = endOf(bareClient());

    Object metered = endOf(client());

    assertThat(metered).isEqualTo(bare);
    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
    assertNothingHeld();
  }

  private static Object endOf(TapClient client) {
    try (TapClient.Stream stream = client.stream(QUESTION)) {
      return String.join("", all(stream));
    } catch (Exception e) {
      return e.getClass();
    }
  }

  @Test
  final void aStreamThatOutgrowsALimitIsStoppedAndRecorded() throws Exception {
    accounting.limits().save(Limit.named("small").outputTokens(2_000).rolling(Duration.ofDays(1)));
    int text = shape().textEvent();
    provider.answering(shape().stream(shape().withTextOf(3_000)).repeating(text, 100_000));
    TapClient.Stream stream = client().stream(QUESTION.maxTokens(100));

    Throwable thrown = catchThrowable(() -> all(stream));

    assertThat(denialIn(thrown, stopComesAs()).limitName()).isEqualTo("small");
    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
    assertNothingHeld();
  }

  @Test
  final void aStreamOfManyMegabytesTakesNoMemory() throws Exception {
    long size = MEGABYTES * MEGABYTE;

    long grown = keptOf(client(), size);

    // a client that keeps a stream grows by several times its size: what is asked is not once more
    long allowed = keepsItsStreams() ? keptOf(bareClient(), size) + size / 2 : size / 6;
    assertThat(grown).as("bytes kept of a stream").isLessThan(allowed);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  /** How many bytes are kept when all text of a stream of that size has come, and not its end. */
  private long keptOf(TapClient client, long size) throws Exception {
    int text = shape().textEvent();
    int pieces = (int) (size / PIECE);
    Gate gate = new Gate();
    provider.answering(
        shape().stream(shape().withTextOf(PIECE))
            .repeating(text, pieces)
            .waitingBefore(text + 1, gate));
    long before = used();
    TapClient.Stream stream = client.stream(QUESTION);
    long read = 0;
    while (read < (long) (pieces - piecesHeldBack()) * PIECE) {
      String piece = stream.next();
      assertThat(piece).as("a piece after %d characters", read).isNotNull();
      read += piece.length();
    }

    long grown = used() - before;
    gate.open();
    List<String> unused = all(stream);
    return grown;
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
