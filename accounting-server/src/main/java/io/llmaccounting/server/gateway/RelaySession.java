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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A realtime session. Messages pass as they come; each response is a call, for which key and limits
 * are asked before the client's wish for it passes, or when the provider begins one by itself. A
 * session for which a limit has no room, or whose key is no longer good, is closed with 1008. On
 * one event loop.
 */
final class RelaySession {
  private static final short POLICY = 1008;
  private static final short GOING_AWAY = 1001;

  /** What a frame that closes has room for, in bytes. */
  private static final int LONGEST_REASON = 120;

  /** How often the key of a session is looked at on which nothing is asked. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final ServerWebSocket client;
  private final WebSocket upstream;
  private final Owner owner;
  private final Deque<Wish> wishes = new ArrayDeque<>();
  private final Deque<Future<Exchange>> running = new ArrayDeque<>();
  private long timer;
  private boolean over;

  /** A response that was asked for, and has not begun. */
  private record Wish(@Nullable String id, Future<Exchange> call) {}

  /**
   * Whose session it is.
   *
   * @param tap meters its responses
   * @param model the model that it was opened for
   * @param context its event loop
   * @param permission asks whether the key may still do this; the future fails if not
   */
  record Owner(Tap tap, String model, Context context, Supplier<Future<Void>> permission) {}

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
    timer = owner.context().owner().setPeriodic(AGAIN.toMillis(), fired -> lookAgain());
    upstream.resume();
  }

  /** A store that is away says nothing of a key, which was good a moment ago. */
  private void lookAgain() {
    owner
        .permission()
        .get()
        .onFailure(
            cause -> {
              if (Reason.of(cause) instanceof RefusedException refused) {
                closeBoth(refused.refusal().message());
              }
            });
  }

  private void fromClient(String message) {
    RelayedEvent event = RelayedEvent.of(message);
    if (event.type() != RelayedEvent.Type.CREATE) {
      text(message, upstream, client);
      return;
    }
    client.pause();
    owner
        .permission()
        .get()
        .onFailure(cause -> closeBoth(String.valueOf(Reason.of(cause).getMessage())))
        .compose(permitted -> begin())
        .onComplete(
            begun -> {
              client.resume();
              if (begun.succeeded() && !over) {
                wishes.addLast(new Wish(event.id(), Future.succeededFuture(begun.result())));
                text(message, upstream, client);
              }
            });
  }

  private void fromUpstream(String message) {
    RelayedEvent event = RelayedEvent.of(message);
    switch (event.type()) {
      case CREATED -> {
        Wish first = wishes.pollFirst();
        Future<Exchange> call = first == null ? begin() : first.call();
        running.addLast(call.onSuccess(Exchange::attempted));
      }
      case DONE -> done(message);
      case ERROR -> refused(event.id());
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
    return begun
        .onSuccess(
            exchange -> {
              exchange.unsent();
              if (over) {
                CompletionStage<Void> unused = exchange.cancelled();
              }
            })
        .onFailure(
            refused -> {
              running.removeIf(call -> call.failed());
              closeBoth(String.valueOf(Reason.of(refused).getMessage()));
            });
  }

  /** What was asked for never begins: nothing is held for it any more. */
  private void refused(@Nullable String id) {
    for (Iterator<Wish> each = wishes.iterator(); each.hasNext(); ) {
      Wish wish = each.next();
      if (Objects.equals(wish.id(), id)) {
        each.remove();
        wish.call()
            .onSuccess(
                exchange -> {
                  CompletionStage<Void> unused =
                      exchange.failed(new IllegalStateException("the response was refused"));
                });
        return;
      }
    }
  }

  private void done(String message) {
    Future<Exchange> first = running.pollFirst();
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
    if (over) {
      return;
    }
    end();
    String reason = why;
    while (reason.getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
      reason = reason.substring(0, reason.offsetByCodePoints(reason.length(), -1));
    }
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
    owner.context().owner().cancelTimer(timer);
    // what was asked for may be worked on, though nothing said so yet
    Stream.concat(
            wishes.stream().map(wish -> wish.call().onSuccess(Exchange::attempted)),
            running.stream())
        .forEach(
            begun ->
                begun.onSuccess(
                    exchange -> {
                      CompletionStage<Void> unused = exchange.cancelled();
                    }));
    wishes.clear();
    running.clear();
  }
}
