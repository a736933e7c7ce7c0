package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest extends GatewayScene {
  private static final String DONE =
      "{\"type\":\"response.done\",\"response\":{\"object\":\"realtime.response\",\"id\":\"resp_1\",\"status\":\"completed\",\"usage\":{\"total_tokens\":30,\"input_tokens\":20,\"output_tokens\":10,\"input_token_details\":{\"text_tokens\":20,\"audio_tokens\":0,\"cached_tokens\":0},\"output_token_details\":{\"text_tokens\":10,\"audio_tokens\":0}}}}";

  private static final String REFUSED =
      "{\"type\":\"error\",\"event_id\":\"event_9\",\"error\":{\"type\":\"invalid_request_error\",\"code\":\"conversation_already_has_active_response\",\"message\":\"no\",\"event_id\":\"refused\"}}";

  private final Vertx others = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> credentials = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Short> closed = new CompletableFuture<>();
  private final WebSocketClient sockets = others.createWebSocketClient();
  private HttpServer realtime;

  @Override
  GatewaySettings settings() {
    GatewaySettings settings = super.settings();
    Map<String, UpstreamSettings> upstreams = new HashMap<>(settings.upstreams());
    upstreams.put(
        "openai",
        UpstreamSettings.of(
            "openai",
            UpstreamKind.OPENAI,
            URI.create("http://127.0.0.1:" + realtime.actualPort()),
            "openai"));
    return new GatewaySettings(
        upstreams,
        "openai",
        false,
        settings.goneClients(),
        settings.bodies(),
        settings.rates(),
        null);
  }

  @BeforeEach
  @Override
  void open() throws Exception {
    realtime =
        awaited(
            others
                .createHttpServer()
                .webSocketHandler(
                    socket -> {
                      credentials.add(socket.headers().get("Authorization"));
                      socket.textMessageHandler(
                          message -> {
                            asked.add(message);
                            if (message.contains("\"refused\"")) {
                              socket.writeTextMessage(REFUSED);
                              return;
                            }
                            if (message.contains("response.create")) {
                              socket.writeTextMessage(
                                  "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}");
                              socket.writeTextMessage(DONE);
                            }
                          });
                    })
                .listen(0, "127.0.0.1"));
    super.open();
  }

  @AfterEach
  void closeOthers() throws Exception {
    awaited(others.close());
  }

  private WebSocket session() throws Exception {
    WebSocket socket =
        awaited(
            sockets.connect(
                new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(gateway().port())
                    .setURI("/v1/realtime?model=gpt-realtime")
                    .addHeader("Authorization", "Bearer " + KEY)));
    socket.textMessageHandler(answers::add);
    socket.closeHandler(end -> closed.complete(socket.closeStatusCode()));
    return socket;
  }

  private String answer() throws InterruptedException {
    return String.valueOf(answers.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void eachResponseOfASessionIsACall() throws Exception {
    WebSocket socket = session();
    for (int i = 0; i < 2; i++) {
      awaited(socket.writeTextMessage("{\"type\":\"response.create\"}"));
      assertThat(answer()).contains("response.created");
      assertThat(answer()).isEqualTo(DONE);
    }
    assertThat(heard().tokens().total()).isEqualTo(30);
    awaited(socket.close());

    assertThat(credentials).containsExactly("Bearer " + CREDENTIAL);
    awaited(gateway().stop(Duration.ofSeconds(5)));
    accounting.flush();
    assertThat(records())
        .hasSize(2)
        .allMatch(record -> record.outcome() == Outcome.SUCCEEDED)
        .allMatch(record -> "alice".equals(record.attribution().user()));
  }

  @Test
  void aSessionIsClosedWhereALimitHasNoRoom() throws Exception {
    accounting.limits().save(Limit.named("one").requests(1).rolling(Duration.ofHours(1)));
    WebSocket socket = session();
    awaited(socket.writeTextMessage("{\"type\":\"response.create\"}"));
    answer();
    answer();

    awaited(socket.writeTextMessage("{\"type\":\"response.create\"}"));

    assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1008);
    assertThat(asked).hasSize(1);
  }

  @Test
  void aSessionIsClosedOnceItsKeyIsNoLongerGood() throws Exception {
    WebSocket socket = session();
    callers.remove(KEY);

    assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1008);
    assertThat(socket.closeReason()).contains("no such key");
  }

  @Test
  void nothingIsAskedWithAKeyThatMayNotAskTheModelAnyMore() throws Exception {
    WebSocket socket = session();
    callers.put(
        KEY, new Caller("alice", Attribution.NONE, "gpt-5-nano"::equals, name -> true, null, true));
    socket.writeTextMessage("{\"type\":\"response.create\"}");

    assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1008);
    assertThat(socket.closeReason()).contains("gpt-realtime");
    assertThat(asked).isEmpty();
  }

  @Test
  void aResponseThatIsRefusedIsOverAndTheSessionGoesOn() throws Exception {
    WebSocket socket = session();
    awaited(socket.writeTextMessage("{\"event_id\":\"refused\",\"type\":\"response.create\"}"));
    assertThat(answer()).isEqualTo(REFUSED);

    Usage failed = heard();
    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(failed.tokens().total()).isZero();
    awaited(socket.writeTextMessage("{\"type\":\"response.create\"}"));
    assertThat(answer()).contains("response.created");
    assertThat(answer()).isEqualTo(DONE);
    awaited(socket.close());
    awaited(gateway().stop(Duration.ofSeconds(5)));
    accounting.flush();
    assertThat(records())
        .extracting(Usage::outcome)
        .containsExactlyInAnyOrder(Outcome.FAILED, Outcome.SUCCEEDED);
  }

  @Test
  void aSessionIsClosedWithAReasonHoweverLongItIs() throws Exception {
    accounting.limits().save(Limit.named("ж".repeat(100)).requests(0).rolling(Duration.ofHours(1)));
    WebSocket socket = session();

    awaited(socket.writeTextMessage("{\"type\":\"response.create\"}"));

    assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1008);
  }

  @Test
  void aSessionWithoutAKeyIsRefused() {
    CompletableFuture<WebSocket> refused =
        sockets
            .connect(gateway().port(), "127.0.0.1", "/v1/realtime?model=gpt-realtime")
            .toCompletionStage()
            .toCompletableFuture();

    assertThat(refused).failsWithin(Duration.ofSeconds(20));
    assertThat(credentials).isEmpty();
  }
}
