package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.anthropic.MeteredAnthropic;
import io.llmaccounting.bedrock.MeteredBedrock;
import io.llmaccounting.client.LlmAccountingClient;
import io.llmaccounting.genai.MeteredGenAi;
import io.llmaccounting.http.MeteredHttpClient;
import io.llmaccounting.jakarta.TrackLlmUsage;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.langchain4j.MeteredChatModel;
import io.llmaccounting.micrometer.AccountingMetrics;
import io.llmaccounting.openai.MeteredOpenAi;
import io.llmaccounting.opentelemetry.AccountingTelemetry;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.sinks.Sinks;
import io.llmaccounting.spring.LlmAccountingCustomizer;
import io.llmaccounting.spring.test.LlmAccountingTest;
import io.llmaccounting.springai.MeteredAdvisors;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.yaml.LimitSetYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users compile against is written down in {@code src/test/resources/signatures}, one file a
 * module. A change of it is seen in review, and none happens by accident.
 */
class ApiSignatureTest {
  private static final Map<String, Class<?>> MODULES =
      Map.ofEntries(
          Map.entry("accounting-api", Usage.class),
          Map.entry("accounting-anthropic", MeteredAnthropic.class),
          Map.entry("accounting-bedrock", MeteredBedrock.class),
          Map.entry("accounting-client", LlmAccountingClient.class),
          Map.entry("accounting-core", LlmAccounting.class),
          Map.entry("accounting-google-genai", MeteredGenAi.class),
          Map.entry("accounting-http", MeteredHttpClient.class),
          Map.entry("accounting-jakarta", TrackLlmUsage.class),
          Map.entry("accounting-json", UsageLine.class),
          Map.entry("accounting-langchain4j", MeteredChatModel.class),
          Map.entry("accounting-micrometer", AccountingMetrics.class),
          Map.entry("accounting-openai", MeteredOpenAi.class),
          Map.entry("accounting-opentelemetry", AccountingTelemetry.class),
          Map.entry("accounting-postgres", PostgresBackend.class),
          Map.entry("accounting-providers", UsageReader.class),
          Map.entry("accounting-spring-ai", MeteredAdvisors.class),
          Map.entry("accounting-sqlite", SqliteBackend.class),
          Map.entry("accounting-spring-boot-starter", LlmAccountingCustomizer.class),
          Map.entry("accounting-spring-boot-test", LlmAccountingTest.class),
          Map.entry("accounting-tap", Tap.class),
          Map.entry("accounting-tap-testkit", FakeProvider.class),
          Map.entry("accounting-testkit", InMemoryBackend.class),
          Map.entry("accounting-sinks", Sinks.class),
          Map.entry("accounting-yaml", LimitSetYaml.class));

  static Stream<String> modules() {
    return MODULES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void publicSignaturesAreThoseWrittenDown(String module) throws IOException {
    Path written = Repository.module().resolve("src/test/resources/signatures/" + module + ".txt");
    String actual = PublicTypes.in(MODULES.get(module)).describe();
    if (Boolean.getBoolean("signatures.accept")) {
      Files.writeString(written, actual);
    }

    assertThat(actual)
        .as(
            "public signatures of %s; if the change is meant, write it down with"
                + " -Dsignatures.accept=true and commit %s",
            module, written.getFileName())
        .isEqualTo(Repository.text(written));
  }
}
