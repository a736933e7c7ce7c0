package io.llmaccounting.tap;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.MeteredCall;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.EOFException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the answer to one request, in whichever way an adapter tells it. Confined to one
 * thread at a time.
 */
final class AnswerSoFar {
  // an answer that only leads elsewhere is none
  private static final int FIRST_FAILURE = 300;

  private final MeteredRequest request;
  private final AnswerReading.News news;
  private final Attempts attempts = new Attempts();
  private @Nullable AnswerReading reading;
  private @Nullable ModelAnswer given;
  private @Nullable ModelAnswer assumed;
  private AnswerReading.@Nullable Result result;
  private int status;
  private boolean unsent;
  private boolean begun;

  AnswerSoFar(MeteredRequest request, AnswerReading.News news) {
    this.request = request;
    this.news = news;
  }

  /** No request has gone out yet. */
  void unsent() {
    unsent = true;
  }

  /** A request goes out. */
  void asked() {
    attempts.asked();
    unsent = false;
  }

  /** An answer with these headers begins; one that came before no longer counts. */
  void responded(int status, AnswerReading.Headers headers) {
    close();
    this.status = status;
    attempts.answered(status);
    unsent = false;
    begun = false;
    reading = AnswerReading.of(request.answers(), headers, request.streamed(), news);
  }

  /** The next piece of its body. */
  void take(byte[] piece, int offset, int length) {
    if (reading != null && !isFailure()) {
      begun |= length > 0;
      reading.take(piece, offset, length);
    }
  }

  /** Something of it has come. */
  void begun() {
    unsent = false;
    begun = true;
  }

  /** The answer as an adapter knows it without bytes. */
  void is(ModelAnswer answer) {
    unsent = false;
    given = answer;
  }

  /** The answer as a library tells it that may leave out some of it. */
  void assumed(ModelAnswer answer) {
    unsent = false;
    assumed = answer;
  }

  /** Whether its status says that it is none; its body is not read then. */
  private boolean isFailure() {
    return status >= FIRST_FAILURE;
  }

  /** Tells {@code call} what is known of it, unless nothing is. */
  void tell(MeteredCall call) {
    if ((begun || given != null) && !isFailure()) {
      MeteredCall unused = call.answered(result().named());
    }
    if (assumed != null) {
      MeteredCall unused = call.answered(assumed);
    }
  }

  /** Ends {@code call}, of whose answer nothing more can come. */
  CompletionStage<?> completed(LlmCall call) {
    if (isFailure()) {
      return failed(call, ProviderErrorException.ofStatus(status));
    }
    AnswerReading.Result read = result();
    if (read.failed()) {
      return call.failedAsync(ProviderErrorException.ofEvent());
    }
    if (!read.complete()) {
      return call.failedAsync(
          new EOFException("the answer ended before the provider had ended it"));
    }
    String reason = read.answer().finishReason();
    return reason != null && reason.equals("failed")
        ? call.failedAsync(ProviderErrorException.ofFinish(reason))
        : call.succeededAsync(read.named());
  }

  /** Ends {@code call}, which has failed because of {@code error}. */
  CompletionStage<?> failed(LlmCall call, Throwable error) {
    if (attempts.areAllRefused()) {
      LlmCall unused = call.describe(record -> record.tokens(TokenUsage.NONE));
    } else {
      tellIfUnsent(call);
    }
    return call.failedAsync(error);
  }

  /** Ends {@code call}, whose caller wants nothing more of its answer. */
  CompletionStage<?> givenUp(LlmCall call) {
    if (isFailure() || (begun && reading != null && result().ended())) {
      return completed(call);
    }
    tellIfUnsent(call);
    return call.cancelledAsync();
  }

  private void tellIfUnsent(LlmCall call) {
    if (unsent) {
      LlmCall unused =
          call.describe(record -> record.tokens(TokenUsage.NONE).source(TokenSource.ESTIMATED));
    }
  }

  /** What was given or read, found out once. */
  private AnswerReading.Result result() {
    AnswerReading.Result found = result;
    if (found == null) {
      found = given == null && reading != null ? reading.finish() : AnswerReading.Result.of(given);
      result = found;
    }
    return found;
  }

  /** Why it could not be read; null if it could, or nobody has asked for it. */
  @Nullable Throwable trouble() {
    return result == null ? null : result.trouble();
  }

  /** Gives up what is held outside of the heap; nothing is taken afterwards. */
  void close() {
    if (reading != null) {
      reading.close();
    }
  }
}
