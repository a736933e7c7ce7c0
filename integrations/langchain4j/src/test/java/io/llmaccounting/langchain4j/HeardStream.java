package io.llmaccounting.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.llmaccounting.tap.contract.TapClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream that an application hears, piece by piece. */
final class HeardStream implements StreamingChatResponseHandler, TapClient.Stream {
  private final BlockingQueue<Object> news = new LinkedBlockingQueue<>(64);
  private volatile StreamingHandle handle;
  private volatile boolean left;

  private enum End {
    COMPLETE,
    /** The connection has ended; models for Anthropic call no handler then. */
    CLOSED
  }

  @Override
  public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
    handle = context.streamingHandle();
    put(piece.text());
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    put(End.COMPLETE);
  }

  @Override
  public void onError(Throwable error) {
    put(error);
  }

  private void put(Object told) {
    try {
      boolean taken = left || news.offer(told, 30, TimeUnit.SECONDS);
      if (!taken) {
        throw new IllegalStateException("nobody reads the stream");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String next() throws Exception {
    Object told = news.poll(20, TimeUnit.SECONDS);
    if (told instanceof Exception failure) {
      left = true;
      throw failure;
    }
    if (told == null) {
      throw new TimeoutException("no handler was called");
    }
    left = told instanceof End;
    return told instanceof String text ? text : null;
  }

  @Override
  public void close() {
    left = true;
    news.clear();
    if (handle != null) {
      handle.cancel();
    }
  }

  /** A client that also says when its connection has ended. */
  HttpClientBuilder hearing(HttpClientBuilder builder) {
    return new HttpClientBuilder() {
      @Override
      public Duration connectTimeout() {
        return builder.connectTimeout();
      }

      @Override
      public HttpClientBuilder connectTimeout(Duration timeout) {
        builder.connectTimeout(timeout);
        return this;
      }

      @Override
      public Duration readTimeout() {
        return builder.readTimeout();
      }

      @Override
      public HttpClientBuilder readTimeout(Duration timeout) {
        builder.readTimeout(timeout);
        return this;
      }

      @Override
      public HttpClient build() {
        return hearing(builder.build());
      }
    };
  }

  private HttpClient hearing(HttpClient client) {
    return new HttpClient() {
      @Override
      public SuccessfulHttpResponse execute(HttpRequest request) {
        return client.execute(request);
      }

      @Override
      public void execute(
          HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        client.execute(request, parser, hearing(listener));
      }
    };
  }

  private ServerSentEventListener hearing(ServerSentEventListener listener) {
    return new ServerSentEventListener() {
      @Override
      public void onOpen(SuccessfulHttpResponse response) {
        listener.onOpen(response);
      }

      @Override
      public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        listener.onEvent(event, context);
      }

      @Override
      public void onError(Throwable error) {
        listener.onError(error);
      }

      @Override
      public void onClose() {
        listener.onClose();
        put(End.CLOSED);
      }
    };
  }
}
