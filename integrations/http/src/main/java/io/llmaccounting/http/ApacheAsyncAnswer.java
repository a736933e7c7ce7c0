package io.llmaccounting.http;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Exchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * Tells an exchange of an answer on its way to the application, which is told of the end once that
 * is recorded. No thread of the client's waits for it. Confined to one thread at a time.
 */
final class ApacheAsyncAnswer implements AsyncExecCallback {
  private final Exchange exchange;
  private final AsyncExecChain.Scope scope;
  private final AsyncExecCallback application;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable CompletionStage<Void> handedOut;

  ApacheAsyncAnswer(Exchange exchange, AsyncExecChain.Scope scope, AsyncExecCallback application) {
    this.exchange = exchange;
    this.scope = scope;
    this.application = application;
  }

  @Override
  public @Nullable AsyncDataConsumer handleResponse(
      HttpResponse response, @Nullable EntityDetails entity) throws HttpException, IOException {
    forgetAttempts();
    // the details say how it is packed here, the headers how it was on the wire
    exchange.responded(
        response.getCode(),
        entity == null ? null : entity.getContentType(),
        entity == null ? null : entity.getContentEncoding());
    AsyncDataConsumer reader = application.handleResponse(response, entity);
    return entity == null ? null : new Passing(reader);
  }

  @Override
  public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
    application.handleInformationResponse(response);
  }

  @Override
  public void completed() {
    CompletionStage<Void> end = handedOut;
    CompletionStage<Void> known = end == null ? handOut(() -> {}) : end;
    known.whenComplete(
        (done, failure) -> {
          if (over.compareAndSet(false, true)) {
            application.completed();
          }
        });
  }

  /** Hands the end of the answer out once it is recorded, or why it could not be. */
  private CompletionStage<Void> handOut(End end) {
    CompletionStage<Void> handed =
        exchange
            .completed()
            .thenRun(
                () -> {
                  try {
                    end.pass();
                  } catch (IOException | HttpException e) {
                    tell(e);
                  }
                })
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    tell(ApacheAsyncTap.exception(failure));
                  }
                });
    handedOut = handed;
    return handed;
  }

  /** The end of a body. */
  private interface End {
    void pass() throws IOException, HttpException;
  }

  /** No more attempts follow, and the application may use its context for something else. */
  private void forgetAttempts() {
    if (scope.clientContext.getAttribute(ApacheTap.EXCHANGE) == exchange) {
      scope.clientContext.removeAttribute(ApacheTap.EXCHANGE);
    }
  }

  @Override
  public void failed(Exception cause) {
    forgetAttempts();
    CompletionStage<Void> recorded =
        scope.cancellableDependency.isCancelled() ? exchange.cancelled() : exchange.failed(cause);
    recorded.whenComplete(
        (done, unrecorded) -> {
          if (unrecorded != null && unrecorded != cause) {
            cause.addSuppressed(unrecorded);
          }
          tell(cause);
        });
  }

  private void tell(Exception cause) {
    if (over.compareAndSet(false, true)) {
      application.failed(cause);
    }
  }

  /** Bytes on their way, at the pace of whoever reads them. */
  private final class Passing implements AsyncDataConsumer {
    private final @Nullable AsyncDataConsumer reader;

    Passing(@Nullable AsyncDataConsumer reader) {
      this.reader = reader;
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
      if (reader == null) {
        channel.update(Integer.MAX_VALUE);
      } else {
        reader.updateCapacity(channel);
      }
    }

    @Override
    public void consume(ByteBuffer piece) throws IOException {
      if (over.get()) {
        return;
      }
      try {
        exchange.feed(piece);
      } catch (QuotaExceededException denied) {
        // closes the connection
        tell(denied);
        return;
      }
      if (reader != null) {
        reader.consume(piece);
      }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
      CompletionStage<Void> unused =
          handOut(
              () -> {
                if (reader != null && !over.get()) {
                  reader.streamEnd(trailers);
                }
              });
    }

    @Override
    public void releaseResources() {
      CompletionStage<Void> end = handedOut;
      if (reader == null) {
        return;
      }
      CompletionStage<Void> read = end == null ? CompletableFuture.completedFuture(null) : end;
      read.whenComplete((done, failure) -> reader.releaseResources());
    }
  }
}
