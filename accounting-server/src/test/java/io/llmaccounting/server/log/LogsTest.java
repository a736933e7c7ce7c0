package io.llmaccounting.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.config.LogSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is logged, and what never is. */
class LogsTest {
  private static final String CANARY = "CaNaRy0123456789abcdefXYZ";
  private static final Logger LOG = LoggerFactory.getLogger(LogsTest.class);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @AfterEach
  void silence() {
    Logs.none();
  }

  private void begin(LogSettings.Format format, LogSettings.Level level) {
    Logs.to(new PrintStream(out, true, StandardCharsets.UTF_8), new LogSettings(format, level));
  }

  private String logged() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource(LogSettings.Format.class)
  void noSecretIsLoggedWhoeverLogsIt(LogSettings.Format format) {
    begin(format, LogSettings.Level.DEBUG);

    LOG.info("Authorization: Bearer {}", CANARY);
    LOG.warn("called with sk-acc-{} and sk-proj-{}", CANARY, CANARY);
    LOG.warn("GET /v1beta/models?key={}&alt=sse", CANARY);
    LOG.warn("x-api-key: {}, \"api_key\": \"{}\", x-goog-api-key={}", CANARY, CANARY, CANARY);
    LOG.warn("AIza{} AKIA{} jdbc://user:{}@host", CANARY, "0123456789ABCDEF", CANARY);
    LOG.debug("password={} access_token: {}", CANARY, CANARY);
    LOG.warn("Proxy-Authorization: Basic {}", CANARY);
    LOG.error("failed", new IllegalStateException("upstream said: bearer " + CANARY));

    assertThat(logged()).contains("***", "/v1beta/models?key=***&alt=sse", "failed");
    assertThat(logged()).doesNotContain(CANARY).doesNotContain("0123456789ABCDEF");
  }

  @Test
  void aLineOfJsonIsAnObject() {
    begin(LogSettings.Format.JSON, LogSettings.Level.INFO);

    LOG.info("two\nlines \"quoted\"");

    assertThat(logged())
        .startsWith("{\"at\":\"")
        .contains("\"level\":\"INFO\"")
        .contains("\"logger\":\"io.llmaccounting.server.log.LogsTest\"")
        .contains("\"message\":\"two\\nlines \\\"quoted\\\"\"")
        .endsWith("}\n");
  }

  @Test
  void aMessageOfPlainTextIsOneLine() {
    begin(LogSettings.Format.TEXT, LogSettings.Level.INFO);

    LOG.info("one\n2026-01-01 ERROR two");

    assertThat(logged().lines()).singleElement().asString().contains("INFO", "one\\n2026");
  }

  @Test
  void theLevelLeavesOut() {
    begin(LogSettings.Format.TEXT, LogSettings.Level.WARN);

    LOG.info("no");
    LOG.warn("yes");

    assertThat(logged()).contains("yes").doesNotContain("no\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit month has no room", "key 8f3c of apollo is revoked", "took 12ms: well"})
  void whatIsNoSecretStays(String text) {
    assertThat(Masks.of(text)).isEqualTo(text);
  }
}
