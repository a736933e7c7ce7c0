package io.llmaccounting.server.gateway;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A realtime session. Messages pass as they come; each response is a call, for which limits are
 * asked before the client's wish for it passes, or when the provider begins one by itself. A
 * session for which a limit has no room is closed with 1008. On one event loop.
 */
final class RelaySession {
  private static final short POLICY = 1008;
  private static final short GOING_AWAY = 1001;

  private final ServerWebSocket client;
  private final WebSocket upstream;
  private final Owner owner;
  private final Deque<Future<Exchange>> open = new ArrayDeque<>();
  private int asked;
  private boolean over;

  /**
   * Whose session it is.
   *
   * @param tap meters its responses
   * @param model the model that it was opened for
   * @param context its event loop
   */
  record Owner(Tap tap, String model, Context context) {}

  RelaySession(ServerWebSocket client, WebSocket upstream, Owner owner) {
    this.client = client;
    this.upstream = upstream;
    this.owner = owner;
  }

  /** Passes messages on, both ways, until one of the two closes. */
  void run() {
    client.textMessageHandler(this::fromClient);
    client.binaryMessageHandler(message -> binary(message, upstream, client));
    upstream.textMessageHandler(this::fromUpstream);
    upstream.binaryMessageHandler(message -> binary(message, client, upstream));
    client.closeHandler(closed -> close(upstream, client.closeStatusCode()));
    upstream.closeHandler(closed -> close(client, upstream.closeStatusCode()));
    client.exceptionHandler(failure -> close(upstream, GOING_AWAY));
    upstream.exceptionHandler(failure -> close(client, GOING_AWAY));
    upstream.resume();
  }

  private void fromClient(String message) {
    if (RelayedEvent.of(message) != RelayedEvent.CREATE) {
      text(message, upstream, client);
      return;
    }
    asked++;
    client.pause();
    begin()
        .onComplete(
            begun -> {
              client.resume();
              if (begun.succeeded() && !over) {
                text(message, upstream, client);
              }
            });
  }

  private void fromUpstream(String message) {
    switch (RelayedEvent.of(message)) {
      case CREATED -> {
        if (asked > 0) {
          asked--;
        } else {
          begin();
        }
      }
      case DONE -> done(message);
      default -> {
        // nothing that counts
      }
    }
    text(message, client, upstream);
  }

  private Future<Exchange> begin() {
    Optional<MeteredRequest> request =
        owner.tap().request(CallRequest.to(owner.model()).operation("realtime"), false);
    Future<Exchange> begun =
        Future.fromCompletionStage(request.orElseThrow().beginAsync(), owner.context());
    open.addLast(begun);
    begun
        .onSuccess(
            exchange -> {
              exchange.attempted();
              if (over) {
                CompletionStage<Void> unused = exchange.cancelled();
              }
            })
        .onFailure(
            refused -> {
              open.remove(begun);
              closeBoth(String.valueOf(refused.getMessage()));
            });
    return begun;
  }

  private void done(String message) {
    Future<Exchange> first = open.pollFirst();
    if (first == null) {
      return;
    }
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    first.onSuccess(
        exchange -> {
          exchange.responded();
          exchange.feed(bytes, 0, bytes.length);
          CompletionStage<Void> unused = exchange.completed();
        });
  }

  private static void text(String message, WebSocketBase to, WebSocketBase from) {
    Future<Void> unused = to.writeTextMessage(message);
    slow(to, from);
  }

  private static void binary(Buffer message, WebSocketBase to, WebSocketBase from) {
    Future<Void> unused = to.writeBinaryMessage(message);
    slow(to, from);
  }

  private static void slow(WebSocketBase to, WebSocketBase from) {
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(drained -> from.resume());
    }
  }

  private void closeBoth(String why) {
    end();
    String reason = why.length() > 100 ? why.substring(0, 100) : why;
    Future<?> unused = Future.join(client.close(POLICY, reason), upstream.close());
  }

  private void close(WebSocketBase other, @Nullable Short status) {
    if (over) {
      return;
    }
    end();
    Future<Void> unused = status == null ? other.close() : other.close(status);
  }

  private void end() {
    over = true;
    open.forEach(
        begun ->
            begun.onSuccess(
                exchange -> {
                  CompletionStage<Void> unused = exchange.cancelled();
                }));
    open.clear();
  }
}
