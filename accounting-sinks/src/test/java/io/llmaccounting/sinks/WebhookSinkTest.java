package io.llmaccounting.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.testkit.ManualClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookSinkTest {
  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB";

  private final ManualClock clock = ManualClock.create();
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private WebhookSink sink(String... secrets) {
    return new WebhookSink(
        "hook", receiver.uri("/usage"), List.of(secrets), Duration.ofSeconds(20), clock);
  }

  private boolean isGenuine(String secret, Receiver.Request request) {
    return WebhookSignature.isGenuine(secret, request::header, request.body(), clock.instant());
  }

  /** The example of the specification's own libraries. */
  @Test
  void signsAsTheSpecificationDoes() {
    byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    assertThat(
            WebhookSignature.sign(List.of(OLD), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void postsABatchThatItsReceiverCanVerify() throws Exception {
    List<OutboxItem> items = SinkItems.some(3);

    assertThat(sink(OLD).deliver(items)).isEqualTo(Delivery.taken());

    Receiver.Request request = receiver.requests.get(0);
    assertThat(request.path()).isEqualTo("/usage");
    assertThat(request.ids())
        .containsExactlyElementsOf(
            items.stream().map(item -> item.record().usage().id().toString()).toList());
    assertThat(request.text()).startsWith("{\"type\":\"usage.recorded\",\"timestamp\":");
    assertThat(isGenuine(OLD, request)).isTrue();
    assertThat(isGenuine(NEW, request)).isFalse();
  }

  @Test
  void whileSecretsChangeBothVerify() throws Exception {
    sink(NEW, OLD).deliver(SinkItems.some(1));

    assertThat(isGenuine(OLD, receiver.requests.get(0))).isTrue();
    assertThat(isGenuine(NEW, receiver.requests.get(0))).isTrue();
  }

  @Test
  void whatWasChangedOrIsOldIsNotGenuine() throws Exception {
    sink(OLD).deliver(SinkItems.some(1));
    Receiver.Request request = receiver.requests.get(0);

    assertThat(
            isGenuine(
                OLD,
                new Receiver.Request(
                    request.path(),
                    request.headers(),
                    (request.text() + " ").getBytes(StandardCharsets.UTF_8))))
        .isFalse();
    clock.advance(Duration.ofSeconds(301));
    assertThat(isGenuine(OLD, request)).isFalse();
  }

  @Test
  void theSameBatchHasTheSameIdWheneverItIsSent() throws Exception {
    List<OutboxItem> items = SinkItems.some(2);
    sink(OLD).deliver(items);
    clock.advance(Duration.ofSeconds(9));
    sink(OLD).deliver(items);
    sink(OLD).deliver(items.subList(0, 1));

    assertThat(receiver.requests).extracting(one -> one.header("webhook-id")).doesNotContainNull();
    assertThat(receiver.requests.get(0).header("webhook-id"))
        .isEqualTo(receiver.requests.get(1).header("webhook-id"))
        .isNotEqualTo(receiver.requests.get(2).header("webhook-id"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, TAKEN", "204, TAKEN", "400, REFUSED", "413, REFUSED", "422, REFUSED", "401, LATER",
    "403, LATER", "404, LATER", "429, LATER", "302, LATER", "500, LATER", "503, LATER"
  })
  void anAnswerMeansWhatItSays(int status, Delivery.Status expected) throws Exception {
    receiver.answering = request -> new Receiver.Answer(status, "", "17");

    Delivery delivery = sink(OLD).deliver(SinkItems.some(1));

    assertThat(delivery.status()).isEqualTo(expected);
    assertThat(delivery.retryAfter())
        .isEqualTo(expected == Delivery.Status.LATER ? Duration.ofSeconds(17) : null);
  }

  @Test
  void aDateMaySayWhenToComeAgain() throws Exception {
    receiver.answering =
        request -> new Receiver.Answer(503, "away", "Mon, 02 Mar 2026 09:01:00 GMT");

    Delivery delivery = sink(OLD).deliver(SinkItems.some(1));

    assertThat(delivery).isEqualTo(Delivery.later("HTTP 503 away", Duration.ofSeconds(60)));
  }

  @Test
  void refusesSecretsAndUrlsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sink("hunter2"))
        .withMessageContaining("must be whsec_")
        .withMessageNotContaining("hunter2");
    assertThatIllegalArgumentException().isThrownBy(() -> sink());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new WebhookSink(
                    "hook", URI.create("ftp://host/x"), List.of(OLD), Duration.ofSeconds(1)))
        .withMessageContaining("url must begin with https://");
  }
}
