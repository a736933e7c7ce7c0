package io.llmaccounting.sinks;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What services are sent, and what their answers mean, as their documents say. */
class ServiceSinksTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Receiver receiver;
  private final OutboxItem item =
      SinkItems.of(aCall().by("alice").costing("0.0125").at(ManualClock.START).usage(), 0);
  private final OutboxItem other =
      SinkItems.of(aCall().at(ManualClock.START.plusSeconds(1)).usage(), 2);
  private final UUID id = item.record().usage().id();

  @BeforeEach
  void start() throws Exception {
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private Receiver.Request sent() {
    return receiver.requests.get(receiver.requests.size() - 1);
  }

  @Test
  void otlpGetsSpansInItsJsonEncoding() throws Exception {
    OtlpSink sink =
        new OtlpSink(
            "otlp",
            receiver.uri("/v1/traces"),
            Map.of("Authorization", "Bearer t"),
            "shop",
            PATIENCE);

    assertThat(sink.deliver(List.of(item))).isEqualTo(Delivery.taken());

    assertThat(sent().path()).isEqualTo("/v1/traces");
    assertThat(sent().header("Authorization")).isEqualTo("Bearer t");
    assertThat(sent().text())
        .startsWith(
            "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
                + "\"value\":{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"scope\":{\"name\":"
                + "\"io.llmaccounting.sinks\"},\"spans\":[{\"traceId\":\""
                + id.toString().replace("-", "")
                + "\",\"spanId\":\"")
        .contains(
            "\"name\":\"chat gpt-5-mini\",\"kind\":3,\"startTimeUnixNano\":\"1772442000000000000\"")
        .contains("{\"key\":\"gen_ai.usage.input_tokens\",\"value\":{\"intValue\":\"100\"}}")
        .contains("{\"key\":\"user.id\",\"value\":{\"stringValue\":\"alice\"}}")
        .contains("{\"key\":\"llm_accounting.cost_usd\",\"value\":{\"stringValue\":\"0.0125\"}}");
  }

  @Test
  void aCollectorThatRejectsSpansIsAskedForWhich() throws Exception {
    receiver.answering =
        request ->
            new Receiver.Answer(
                200, "{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\"too old\"}}");
    OtlpSink sink = new OtlpSink("otlp", receiver.uri("/v1/traces"), Map.of(), "shop", PATIENCE);

    assertThat(sink.deliver(List.of(item)))
        .isEqualTo(Delivery.refused("1 spans rejected: too old"));
  }

  @Test
  void langfuseGetsATraceAndAGeneration() throws Exception {
    receiver.answering = request -> new Receiver.Answer(207, "{\"successes\":[],\"errors\":[]}");
    LangfuseSink sink = new LangfuseSink("lf", receiver.uri("/"), "pk-1", "sk-1", PATIENCE);

    assertThat(sink.deliver(List.of(item, other))).isEqualTo(Delivery.taken());

    assertThat(sent().path()).isEqualTo("/api/public/ingestion");
    assertThat(sent().header("Authorization")).isEqualTo("Basic cGstMTpzay0x");
    assertThat(sent().text())
        .contains(
            "{\"id\":\""
                + id
                + "-t0\",\"timestamp\":\"2026-03-02T09:00:00Z\",\"type\":\"trace-create\"")
        .contains(
            "\"type\":\"generation-create\",\"body\":{\"id\":\"" + id + "\",\"traceId\":\"" + id)
        .contains(
            "\"usage\":{\"input\":100,\"output\":20,\"total\":120,\"unit\":\"TOKENS\",\"totalCost\":0.0125}")
        .contains("\"userId\":\"alice\"")
        .contains("-g2\"")
        .contains("\"type\":\"generation-update\"");
  }

  @Test
  void langfuseNamesWhatItWillNotTakeAndWhatItCannotTakeNow() throws Exception {
    LangfuseSink sink = new LangfuseSink("lf", receiver.uri("/"), "pk", "sk", PATIENCE);
    String error =
        "{\"successes\":[],\"errors\":[{\"id\":\"%s-g0\",\"status\":%d,\"message\":\"no\"}]}";

    receiver.answering = request -> new Receiver.Answer(207, error.formatted(id, 400));
    assertThat(sink.deliver(List.of(item, other)))
        .isEqualTo(Delivery.takenBut(Map.of(id, "400 no")));
    receiver.answering = request -> new Receiver.Answer(207, error.formatted(id, 503));
    assertThat(sink.deliver(List.of(item, other))).isEqualTo(Delivery.later("503 no", null));
  }

  @Test
  void lunaryGetsAStartAndAnEnd() throws Exception {
    LunarySink sink = new LunarySink("lunary", receiver.uri("/"), "key-1", PATIENCE);
    receiver.answering =
        request ->
            new Receiver.Answer(
                200,
                ("{\"results\":[{\"id\":\"%1$s\",\"success\":false,\"error\":\"Run with this ID"
                        + " already exists in the database.\"},{\"id\":\"%2$s\",\"success\":false,"
                        + "\"error\":\"bad\"}]}")
                    .formatted(id, other.record().usage().id()));

    assertThat(sink.deliver(List.of(item, other)))
        .isEqualTo(Delivery.takenBut(Map.of(other.record().usage().id(), "bad")));

    assertThat(sent().path()).isEqualTo("/v1/runs/ingest");
    assertThat(sent().header("Authorization")).isEqualTo("Bearer key-1");
    assertThat(sent().text())
        .startsWith("{\"events\":[{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"" + id)
        .contains("\"event\":\"end\"")
        .contains("\"tokensUsage\":{\"prompt\":100,\"completion\":20}");
  }

  @Test
  void heliconeGetsARequestForEachCall() throws Exception {
    HeliconeSink sink = new HeliconeSink("helicone", receiver.uri("/"), "key-1", PATIENCE);
    receiver.answering =
        request -> new Receiver.Answer(request.text().contains(id.toString()) ? 400 : 200, "no");

    assertThat(sink.deliver(List.of(item, other)))
        .isEqualTo(Delivery.takenBut(Map.of(id, "HTTP 400 no")));

    assertThat(receiver.requests).hasSize(2);
    assertThat(sent().path()).isEqualTo("/custom/v1/log");
    assertThat(sent().text())
        .startsWith(
            "{\"providerRequest\":{\"url\":\"custom-model-nopath\",\"json\":{\"model\":\"gpt-5-mini\"")
        .contains("\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120}")
        .contains("\"startTime\":{\"seconds\":1772442001,\"milliseconds\":0}");
  }

  @Test
  void redactionTakesNamesOut() {
    OutboxItem named = SinkItems.some(1).get(0);

    assertThat(Redaction.none().of(named)).isEqualTo(named);
    assertThat(Redaction.none().withoutUsers().of(named).record().usage().attribution().user())
        .isNull();
    Redaction hashing =
        Redaction.none().hashingUsers("0123456789abcdef").keepingTags(Set.of("cost-centre"));
    assertThat(hashing.of(named).record().usage().attribution().user())
        .matches("[0-9a-f]{32}")
        .isEqualTo(hashing.of(named).record().usage().attribution().user());
    assertThat(hashing.of(named).record().usage().attribution().tags()).isEmpty();
    assertThat(hashing.of(named).record().usage().id()).isEqualTo(named.record().usage().id());
  }
}
