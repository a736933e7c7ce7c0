package io.llmaccounting;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaccounting.http.MeteredHttpClient;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testkit.InMemoryBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What metering adds to a call over loopback by the client of the JDK: nothing there takes time but
 * the client, the server and this library. A model takes a thousand times as long.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TapBenchmark {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private final byte[] answer = CHAT.answerText().getBytes(StandardCharsets.UTF_8);
  private final byte[] stream = CHAT.streamText().getBytes(StandardCharsets.UTF_8);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient bare = HttpClient.newHttpClient();
  private HttpServer provider;
  private LlmAccounting durable;
  private LlmAccounting buffered;
  private HttpClient metered;
  private HttpClient meteredBuffered;
  private HttpRequest whole;
  private HttpRequest streamed;

  @Setup
  public void open() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext("/", this::answer);
    provider.setExecutor(threads);
    provider.start();
    durable = LlmAccounting.create(InMemoryBackend.create());
    buffered = LlmAccounting.builder(InMemoryBackend.create()).buffered().build();
    metered = MeteredHttpClient.of(bare, durable);
    meteredBuffered = MeteredHttpClient.of(bare, buffered);
    whole = request(false);
    streamed = request(true);
  }

  private HttpRequest request(boolean asStream) {
    String address = "http://127.0.0.1:" + provider.getAddress().getPort();
    return HttpRequest.newBuilder(URI.create(address + CHAT.path(asStream)))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(CHAT.request("What is a tap?", 1_000, asStream)))
        .build();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] asked = exchange.getRequestBody().readAllBytes();
    boolean asStream = new String(asked, StandardCharsets.UTF_8).contains("\"stream\":true");
    byte[] body = asStream ? stream : answer;
    exchange
        .getResponseHeaders()
        .set("Content-Type", asStream ? "text/event-stream" : "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @TearDown
  public void close() {
    provider.stop(0);
    threads.shutdownNow();
    durable.close();
    buffered.close();
  }

  @Benchmark
  public String bareCall() throws Exception {
    return bare.send(whole, BodyHandlers.ofString()).body();
  }

  @Benchmark
  public String meteredCall() throws Exception {
    return metered.send(whole, BodyHandlers.ofString()).body();
  }

  @Benchmark
  public String meteredCallBuffered() throws Exception {
    return meteredBuffered.send(whole, BodyHandlers.ofString()).body();
  }

  @Benchmark
  public String bareStream() throws Exception {
    return bare.send(streamed, BodyHandlers.ofString()).body();
  }

  @Benchmark
  public String meteredStream() throws Exception {
    return metered.send(streamed, BodyHandlers.ofString()).body();
  }
}
