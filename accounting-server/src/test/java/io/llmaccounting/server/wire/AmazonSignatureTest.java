package io.llmaccounting.server.wire;

import static io.llmaccounting.server.wire.CredentialsTest.headers;
import static io.llmaccounting.server.wire.CredentialsTest.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.wire.SignatureReference.Signed;
import io.llmaccounting.testkit.ManualClock;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmazonSignatureTest {
  private static final String PUBLISHED = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Buffer BODY = Buffer.buffer("{\"messages\":[]}");

  @ParameterizedTest
  @CsvSource({
    "GET, '', 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "POST, '', 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    "GET, Param2=value2&Param1=value1, b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
  })
  void isCheckedByWhatAgreesWithThePublishedExamples(String method, String query, String signature)
      throws GeneralSecurityException {
    String authorization =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
            + " SignedHeaders=host;x-amz-date, Signature="
            + signature;
    Map<String, String> headers =
        Map.of("host", "example.amazonaws.com", "x-amz-date", "20150830T123600Z");

    assertThat(
            SignatureReference.authorization(
                new Signed(method, "/", query, headers, new byte[0]), authorization, PUBLISHED))
        .isEqualTo(authorization);
  }

  @ParameterizedTest
  @CsvSource({
    "/model/anthropic.claude-v2%3A1/converse, ''",
    "/model/anthropic.claude-v2:1/converse, ''",
    "/model/arn%3Aaws%3Abedrock%3Ax%2Fy/invoke-with-response-stream, b=2&a=%2F",
    "/model/a/converse, ''"
  })
  void isWhatAmazonExpects(String path, String query) throws GeneralSecurityException {
    MultiMap headers =
        headers(
            "Content-Type", "application/json", "X-Amzn-Bedrock-Trace", "ENABLED", "accept", "a");
    String target = query.isEmpty() ? path : path + "?" + query;

    sign(headers, target, "AKID:hush");

    String authorization = headers.get("authorization");
    assertThat(authorization)
        .startsWith(
            "AWS4-HMAC-SHA256 Credential=AKID/20260302/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;");
    assertThat(headers.get("x-amz-date")).isEqualTo("20260302T090000Z");
    assertThat(
            SignatureReference.authorization(
                new Signed("POST", path, query, lower(headers, "example.org"), BODY.getBytes()),
                authorization,
                "hush"))
        .isEqualTo(authorization);
  }

  @Test
  void namesTheTokenOfASession() throws GeneralSecurityException {
    MultiMap headers = headers();

    sign(headers, "/model/a/converse", "AKID:hush:to:ken");

    assertThat(headers.get("x-amz-security-token")).isEqualTo("to:ken");
    assertThat(headers.get("authorization")).contains("x-amz-security-token");
    assertThat(
            SignatureReference.authorization(
                new Signed(
                    "POST",
                    "/model/a/converse",
                    "",
                    lower(headers, "example.org"),
                    BODY.getBytes()),
                headers.get("authorization"),
                "hush"))
        .isEqualTo(headers.get("authorization"));
  }

  @Test
  void agreesWithTheRequestsThatAmazonsClientSends() throws IOException, GeneralSecurityException {
    try (RefusingServer server =
        new RefusingServer(Wire.BEDROCK, Refusal.of(Refusal.Code.BAD_REQUEST, "no"))) {
      assertThat(catchThrowable(() -> RefusalInSdksTest.converse(server))).isNotNull();
      RefusingServer.Asked asked = server.asked().get(0);
      MultiMap headers = MultiMap.caseInsensitiveMultiMap();
      asked.headers().forEach(headers::add);

      assertThat(
              SignatureReference.authorization(
                  new Signed(
                      asked.method(),
                      asked.target().getRawPath(),
                      "",
                      lower(headers, headers.get("host")),
                      asked.body()),
                  headers.get("authorization"),
                  "hush"))
          .isEqualTo(headers.get("authorization"));
    }
  }

  private static void sign(MultiMap headers, String target, String credential) {
    new UpstreamAuth(ManualClock.create())
        .apply(
            upstream(AuthScheme.AWS_SIGV4, "eu-west-1"),
            Secret.of(credential),
            new UpstreamAuth.Outgoing("POST", target, headers, BODY));
  }

  private static Map<String, String> lower(MultiMap headers, String host) {
    Map<String, String> lower = new HashMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    lower.put("host", host);
    return lower;
  }
}
