package io.llmaccounting.http;

import io.llmaccounting.tap.fake.ProviderShape;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponseBody;
import okio.BufferedSink;
import okio.Utf8;

/** A golden stream that stops at its first text until the test says how it goes on. */
final class StreamedBody implements MockResponseBody {
  private static final int PATIENCE = 20;

  private enum Rest {
    ALL,
    NONE,
    UNTIL_RESET
  }

  private final List<String> before;
  private final List<String> after;
  private final long length;
  private final CompletableFuture<Void> atText = new CompletableFuture<>();
  private final CompletableFuture<Rest> rest = new CompletableFuture<>();
  private final CompletableFuture<IOException> reset = new CompletableFuture<>();

  private StreamedBody(List<String> before, List<String> after, long length) {
    this.before = before;
    this.after = after;
    this.length = length;
  }

  /** One whose second half begins where it goes on, which is where the server can break it off. */
  static StreamedBody inHalves(ProviderShape shape) {
    StreamedBody body = of(shape);
    long first = body.before.stream().mapToLong(Utf8::size).sum();
    return new StreamedBody(body.before, body.after, 2 * first + 2);
  }

  static StreamedBody of(ProviderShape shape) {
    List<String> events =
        Stream.of(shape.streamText().split("\n\n")).map(event -> event + "\n\n").toList();
    int text = shape.textEvent() + 1;
    return new StreamedBody(events.subList(0, text), events.subList(text, events.size()), -1);
  }

  void goOn() {
    rest.complete(Rest.ALL);
  }

  /** Ends the stream in good order. */
  void endEarly() {
    rest.complete(Rest.NONE);
  }

  /** Sends on and on, until the client wants no more. */
  void repeatUntilReset() {
    rest.complete(Rest.UNTIL_RESET);
  }

  void awaitText() throws Exception {
    atText.get(PATIENCE, TimeUnit.SECONDS);
  }

  /** What sending failed with. */
  IOException end() throws Exception {
    return reset.get(PATIENCE, TimeUnit.SECONDS);
  }

  @Override
  public long getContentLength() {
    return length;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    send(sink, before);
    atText.complete(null);
    switch (rest.orTimeout(PATIENCE, TimeUnit.SECONDS).join()) {
      case ALL -> send(sink, after);
      case NONE -> {}
      case UNTIL_RESET -> repeat(sink);
    }
  }

  private void repeat(BufferedSink sink) throws IOException {
    try {
      while (true) {
        send(sink, before);
      }
    } catch (IOException e) {
      reset.complete(e);
      throw e;
    }
  }

  private static void send(BufferedSink sink, List<String> events) throws IOException {
    for (String event : events) {
      sink.writeUtf8(event);
      sink.flush();
    }
  }
}
