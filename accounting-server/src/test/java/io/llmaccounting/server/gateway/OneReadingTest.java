package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one server reads so and another otherwise: a key that may ask one model must not get another
 * one that way, nor any for nothing.
 */
class OneReadingTest extends GatewayScene {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MAY = "gpt-5-nano";

  @BeforeEach
  void mayAskOneModel() {
    callers.put(KEY, new Caller("bob", Attribution.NONE, MAY::equals, provider -> true));
  }

  private void isRefused(HttpRequest request) throws Exception {
    HttpResponse<String> response = send(request);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(provider.count()).isZero();
    assertThat(records()).isEmpty();
  }

  private HttpRequest typed(String type, String body) {
    return HttpRequest.newBuilder(at(CHAT))
        .header("Authorization", "Bearer " + KEY)
        .header("Content-Type", type)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static String part(String boundary, String model) {
    return "--%s\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n%s\r\n"
        .formatted(boundary, model);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'gpt-5-pro','model':'gpt-5-nano'}",
        "{'model':'gpt-5-nano','Model':'gpt-5-pro'}",
        "{'model':'gpt-5-nano','MODEL':'gpt-5-pro'}",
        "{'model':'gpt-5-nano','mod\\u0065l':'gpt-5-nano'}",
        "{'model':'gpt-5-nano','model':null}",
        "{'model':'gpt-5-nano','model':['gpt-5-pro']}",
        "{'model':'gpt-5-nano','x':NaN,'model':'gpt-5-pro'}",
        "{'model':'gpt-5-nano','x':1} {'model':'gpt-5-pro'}",
        "{'model':'gpt-5-nano',"
      })
  void aBodyWhoseModelDependsOnWhoReadsItIsRefused(String body) throws Exception {
    isRefused(asking(CHAT, body.replace('\'', '"')).build());
  }

  @Test
  void aBodyThatIsNestedTooDeepToBeReadIsRefused() throws Exception {
    String deep = "[".repeat(600) + "]".repeat(600);

    isRefused(asking(CHAT, "{\"model\":\"gpt-5-nano\",\"x\":" + deep + "}").build());
  }

  @Test
  void aFormIsReadByTheBoundaryThatItsHeaderTells() throws Exception {
    String two = part("A", MAY) + "--A--\r\n" + part("B", "gpt-5-pro") + "--B--\r\n";

    isRefused(typed("multipart/form-data; boundary=B", two));
    isRefused(typed("application/json", part("A", MAY) + "--A--\r\n"));
    isRefused(typed("multipart/form-data; boundary=B", "{\"model\":\"gpt-5-nano\"}"));
    isRefused(typed("multipart/form-data; boundary=A", part("A", MAY) + two));
    String honest = part("A", MAY) + "--A--\r\n";
    assertThat(send(typed("multipart/form-data; boundary=\"A\"", honest)).statusCode())
        .isNotEqualTo(400);
  }

  @Test
  void aPackedBodyIsReadAsItIsWhenItIsUnpacked() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (String half :
        new String[] {"{\"model\":\"gpt-5-nano\",\"a\":1", ",\"Model\":\"gpt-5-pro\"}"}) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(half.getBytes(StandardCharsets.UTF_8));
      }
    }

    isRefused(
        HttpRequest.newBuilder(at(CHAT))
            .header("Authorization", "Bearer " + KEY)
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
            .build());
  }

  @Test
  void aLongBodyThatNamesAnotherModelAtItsEndIsNotSentToItsEnd() throws Exception {
    String body =
        "{\"model\":\"gpt-5-nano\",\"messages\":\""
            + "x".repeat(3 << 20)
            + "\",\"model\":\"gpt-5-pro\"}";

    assertThat(send(asking(CHAT, body).build()).statusCode()).isEqualTo(400);
    assertThat(provider.requests()).noneMatch(sent -> sent.text().endsWith("}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/chat/%63ompletions",
        "/v1/chat%2Fcompletions",
        "/v1/chat/%2563ompletions",
        "/v1/Chat/Completions",
        "/v1/chat/completions;a=1",
        "/openai/openai/Deployments/gpt-5-pro/chat/completions",
        "/v1/chat/completions%20",
        "/gemini/v1beta/models/gemini-pro%3AgenerateContent"
      })
  void aPathThatOnlySomeServersKnowIsRefused(String path) throws Exception {
    isRefused(asking(path, ProviderShape.OPENAI_CHAT.request("Hi", 10, false)).build());
  }

  @Test
  void noHeaderTurnsARequestIntoAnother() throws Exception {
    send(
        HttpRequest.newBuilder(at("/v1/files"))
            .header("Authorization", "Bearer " + KEY)
            .header("X-HTTP-Method-Override", "POST")
            .header("X-Method-Override", "POST")
            .build());

    assertThat(provider.requests().get(0).headers())
        .doesNotContainKeys("x-http-method-override", "x-method-override", "transfer-encoding");
  }
}
