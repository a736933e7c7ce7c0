package io.llmaccounting.server.rest;

import static io.llmaccounting.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.client.LlmAccountingClient;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client makes of answers that no accounting server gives. */
class ClientHostileAnswersTest {
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String HTML = "Content-Type: text/html\r\n";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<RuntimeException> heard = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private ServerSocket socket;
  private LlmAccountingClient client;
  private volatile Answering answering;

  /** Answers a request by its body. */
  private interface Answering {
    void answer(String body, OutputStream to) throws IOException;
  }

  @BeforeEach
  void listen() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(() -> serve());
    client =
        LlmAccountingClient.builder(
                URI.create("http://127.0.0.1:" + socket.getLocalPort()), "sk-acc-canary")
            .timeout(Duration.ofSeconds(5))
            .closeTimeout(Duration.ofMillis(50))
            .errorHandler(heard::add)
            .withoutShutdownHook()
            .build();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    socket.close();
    threads.shutdownNow();
    assertThat(heard.toString() + client.health()).doesNotContain("canary");
  }

  private Void serve() throws IOException {
    while (true) {
      Socket accepted = socket.accept();
      threads.submit(() -> serve(accepted));
    }
  }

  private Void serve(Socket accepted) throws IOException {
    try (accepted) {
      String body = body(accepted.getInputStream());
      requests.add(body);
      answering.answer(body, accepted.getOutputStream());
      accepted.getOutputStream().flush();
    }
    return null;
  }

  private static String body(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return "";
      }
      head.append((char) c);
    }
    String[] lines = head.toString().split("\r\n");
    int length = 0;
    for (String line : lines) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static void write(OutputStream to, String status, String headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    to.write(
        "HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, headers, bytes.length)
            .getBytes(StandardCharsets.UTF_8));
    to.write(bytes);
  }

  private static String accepted(String body) {
    int count = body.split("\"kind\":\"usage\"", -1).length - 1;
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "{\"index\":%d,\"status\":\"recorded\",\"id\":\"019cadc6-9a80-7cfc-afe4-9da97cb1c23b\",\"new\":{\"x\":1}}"
                    .formatted(i))
        .collect(
            java.util.stream.Collectors.joining(",", "{\"of_later\":true,\"results\":[", "]}"));
  }

  static Map<String, Answering> passing() {
    return Map.of(
        "HTML of a proxy", (body, to) -> write(to, "200 OK", HTML, "<html>busy</html>"),
        "HTML with 502", (body, to) -> write(to, "502 Bad Gateway", HTML, "<html>bad</html>"),
        "truncated JSON", (body, to) -> write(to, "200 OK", JSON, "{\"results\":[{\"index\":0,"),
        "fewer results", (body, to) -> write(to, "200 OK", JSON, "{\"results\":[]}"),
        "nothing at all", (body, to) -> {},
        "half a body",
            (body, to) ->
                to.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"res"
                        .getBytes(StandardCharsets.UTF_8)),
        "results of another kind",
            (body, to) -> write(to, "200 OK", JSON, "{\"results\":[{\"status\":7}]}"),
        "another 500", (body, to) -> write(to, "500 Oops", JSON, "[]"));
  }

  static List<Map.Entry<String, Answering>> passingAnswers() {
    return List.copyOf(passing().entrySet());
  }

  private static Usage call() {
    return UsageFixtures.aCall().usage();
  }

  @ParameterizedTest
  @MethodSource("passingAnswers")
  void isTriedAgainUntilItPasses(Map.Entry<String, Answering> bad) {
    answering = bad.getValue();
    Receipt receipt = client.track(call());
    assertThat(receipt.status()).as(bad.getKey()).isEqualTo(Receipt.Status.BUFFERED);
    assertThat(client.health().isWell()).isFalse();

    answering = (body, to) -> write(to, "200 OK", JSON, accepted(body));

    eventually("it is recorded", () -> client.health().buffer().records() == 0);
    eventually("all is well", () -> client.health().isWell());
    assertThat(client.health().counts().recorded()).isEqualTo(1);
    assertThat(heard).isEmpty();
  }

  @Test
  void aBodyWithoutEndIsGivenUp() {
    answering =
        (body, to) -> {
          to.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"results\":[\""
                  .getBytes(StandardCharsets.UTF_8));
          byte[] more = "x".repeat(65_536).getBytes(StandardCharsets.UTF_8);
          while (true) {
            to.write(more);
          }
        };

    assertThatThrownBy(() -> client.begin(CallRequest.to("m")))
        .isInstanceOf(BackendException.class);
  }

  @Test
  void aRedirectIsNotFollowedAndSaidToBeWrong() {
    answering =
        (body, to) -> write(to, "302 Found", "Location: http://127.0.0.1:1/elsewhere\r\n", "moved");

    assertThatThrownBy(() -> client.track(call()))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.UNUSABLE))
        .hasMessageContaining("a redirect to http://127.0.0.1:1/elsewhere");
    assertThat(client.health().buffer().records()).isEqualTo(1);
  }

  @Test
  void aServerOfAnotherKindIsSaidToBeNone() {
    answering = (body, to) -> write(to, "404 Not Found", HTML, "<h1>It works!</h1>");

    assertThatThrownBy(() -> client.begin(CallRequest.to("m")))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.UNUSABLE))
        .hasMessageContaining("the address must be that of an accounting server");
  }

  @Test
  void whatIsTooLargeTogetherIsSentApart() {
    answering =
        (body, to) -> {
          if (body.split("\"kind\":\"usage\"", -1).length > 3) {
            write(to, "413 Too Large", HTML, "too large");
          } else {
            write(to, "200 OK", JSON, accepted(body));
          }
        };
    var receipts =
        IntStream.range(0, 40)
            .mapToObj(i -> client.trackAsync(call()).toCompletableFuture())
            .toList();

    assertThat(receipts)
        .allSatisfy(one -> assertThat(one.join().status()).isEqualTo(Receipt.Status.RECORDED));
  }

  @Test
  void whatIsTooLargeByItselfIsRefusedAndNotSentAgain() {
    answering = (body, to) -> write(to, "413 Too Large", HTML, "too large");

    assertThatThrownBy(() -> client.track(call()))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.REJECTED));
    assertThat(client.health().buffer().records()).isZero();
    assertThat(requests).hasSize(1);
  }

  @Test
  void aServerThatWantsToBeLeftAloneIs() {
    answering =
        (body, to) ->
            write(
                to,
                "429 Too Many",
                "Retry-After: 3000\r\n" + JSON,
                "{\"code\":\"too-many-requests\"}");
    assertThat(client.track(call()).status()).isEqualTo(Receipt.Status.BUFFERED);

    assertThatThrownBy(() -> client.begin(CallRequest.to("m")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("asked again soon");
    assertThat(client.track(call()).status()).isEqualTo(Receipt.Status.BUFFERED);
    assertThat(requests).hasSize(1);
  }
}
