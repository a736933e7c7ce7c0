package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1/chat/completions",
        "/v1/chat/completions/",
        "/v1/models/meta-llama/Llama-3.1-8B",
        "/v1/models/org%2Fmodel",
        "/v1beta/models/gemini-2.5-pro:streamGenerateContent",
        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x-v1%3A0/converse",
        "/v1/files/a..b/...",
        "/v1/x;y=1/~a!$&'()*+,=@",
        "/v1/%E2%82%AC/%2520"
      })
  void passesEveryPathThatHasOneMeaning(String path) {
    assertThat(RequestPathRules.unsafe(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/../admin",
        "/..",
        "/.",
        "/v1/./x",
        "/v1/..",
        "/v1/%2e%2e/x",
        "/v1/.%2E/x",
        "/v1/%2e",
        "/v1/a%2f..%2fb",
        "/v1/..;x=1/y",
        "/v1/%252e%252e/x",
        "/v1/..%5cx"
      })
  void refusesSegmentsThatLeadElsewhere(String path) {
    assertThat(RequestPathRules.unsafe(path))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.status()).isEqualTo(400);
              assertThat(refusal.code()).isEqualTo(Refusal.Code.BAD_REQUEST);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "/v1\\x, the path has a backslash",
    "/v1/%5Cx, the path has a backslash",
    "/v1/%255Cx, the path has a backslash",
    "/v1/%00, the path has a control character",
    "/v1/%0d%0aHost:x, the path has a control character",
    "/v1/%7f, the path has a control character",
    "/v1//x, the path has an empty segment (//)",
    "//v1, the path has an empty segment (//)",
    "v1, the path must begin with /",
    "'', the path must begin with /",
    "/v1/%zz, the path has a percent sign that begins no byte",
    "/v1/%2, the path has a percent sign that begins no byte",
    "'/v1/a b', the path has a character that must be encoded",
    "/v1/ü, the path has a character that must be encoded",
    "/v1/#x, the path has a character that must be encoded",
    "/v1/x?y, the path has a character that must be encoded",
    "/v1/%2525252e, the path is encoded more than twice"
  })
  void saysWhatIsWrong(String path, String message) {
    assertThat(RequestPathRules.unsafe(path).map(Refusal::message)).hasValue(message);
  }

  @Test
  void refusesPathsThatAreTooLong() {
    assertThat(RequestPathRules.unsafe("/" + "x".repeat(4_095))).isEmpty();
    assertThat(RequestPathRules.unsafe("/" + "x".repeat(4_096)).map(Refusal::status)).hasValue(414);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, https://h, /v1/v1/chat/completions",
    "OPENAI_COMPATIBLE, https://h/api/v1, /v1/chat/completions",
    "OPENAI_COMPATIBLE, https://h/api/v1/, /v1/models",
    "ANTHROPIC, https://h, /v1/v1/messages",
    "GEMINI, https://h/v1, /v1"
  })
  void saysThatTheVersionIsThereTwice(UpstreamKind kind, String base, String path) {
    assertThat(RequestPathRules.check(upstream(kind, base), path))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.status()).isEqualTo(404);
              assertThat(refusal.message()).startsWith("the path has /v1 twice");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, /chat/completions",
    "OPENAI, /models",
    "MISTRAL, /embeddings",
    "XAI, /responses",
    "ANTHROPIC, /messages"
  })
  void saysThatTheVersionLacks(UpstreamKind kind, String path) {
    assertThat(RequestPathRules.check(upstream(kind, "https://h/"), path))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.status()).isEqualTo(404);
              assertThat(refusal.message()).contains("lacks /v1");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, https://h, /v1/chat/completions",
    "OPENAI, https://h/v1, /chat/completions",
    "OPENAI, https://h, /",
    "DEEPSEEK, https://h, /chat/completions",
    "OPENAI_COMPATIBLE, https://h, /chat/completions",
    "OPENAI_COMPATIBLE, https://h/v1, /models",
    "ANTHROPIC, https://h, /api/event_logging/batch",
    "GEMINI, https://h, /v1beta/models"
  })
  void passesWhatTheUpstreamMayHave(UpstreamKind kind, String base, String path) {
    assertThat(RequestPathRules.check(upstream(kind, base), path)).isEmpty();
  }

  @Test
  void checksSafetyBeforeVersions() {
    assertThat(RequestPathRules.check(upstream(UpstreamKind.OPENAI, "https://h"), "/models/.."))
        .map(Refusal::status)
        .hasValue(400);
  }

  @Test
  void letsNoRandomPathResolveToAnother() {
    Random random = new Random(10);
    String[] parts = {"/", ".", "%2e", "%2F", "a", "%5c", "\\", "%25", "2e", "5c", ";", "v1", ":"};
    for (int run = 0; run < 100_000; run++) {
      StringBuilder path = new StringBuilder("/");
      for (int i = random.nextInt(8); i > 0; i--) {
        path.append(parts[random.nextInt(parts.length)]);
      }
      if (RequestPathRules.unsafe(path.toString()).isEmpty()) {
        String twice = PercentCoding.decoded(PercentCoding.decoded(path.toString()));
        assertThat(path.toString()).doesNotContain("//", "\\");
        assertThat(("/" + twice + "/").replace('\\', '/'))
            .as("path %s", path)
            .doesNotContain("/../", "/./");
      }
    }
  }

  private static UpstreamSettings upstream(UpstreamKind kind, String base) {
    return UpstreamSettings.of("up", kind, URI.create(base), "p");
  }
}
