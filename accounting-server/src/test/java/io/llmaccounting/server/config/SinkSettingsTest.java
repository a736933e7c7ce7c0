package io.llmaccounting.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.sinks.HeliconeSink;
import io.llmaccounting.sinks.JsonLinesSink;
import io.llmaccounting.sinks.LangfuseSink;
import io.llmaccounting.sinks.LunarySink;
import io.llmaccounting.sinks.OtlpSink;
import io.llmaccounting.sinks.Sink;
import io.llmaccounting.sinks.WebhookSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which sinks the server is told to run, and what is said of those that cannot be. */
class SinkSettingsTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> options = new HashMap<>();

  private LoadedSettings read(String yaml) throws IOException {
    Files.writeString(folder.resolve(SettingsReader.FILE), yaml);
    return SettingsReader.read(new SettingSources(options, environment, null, folder));
  }

  private List<RunSink> sinks(String yaml) throws IOException {
    return read(yaml).settings().sinks();
  }

  private List<String> problems(String yaml) {
    return catchThrowableOfType(SettingsException.class, () -> read(yaml)).problems();
  }

  private static Class<?> made(RunSink sink) {
    try (Sink made = sink.maker().get()) {
      assertThat(made.name()).isEqualTo(sink.name());
      return made.getClass();
    }
  }

  @Test
  void noneIsRunUnlessItIsTold() throws IOException {
    assertThat(sinks("sinks:\n")).isEmpty();
    assertThat(sinks("sinks:\n  files: {enabled: false}\n")).isEmpty();
  }

  @Test
  void eachKindIsMade() throws IOException {
    List<RunSink> sinks =
        sinks(
            """
            sinks:
              a: {kind: json-lines, folder: usage}
              b: {kind: webhook, url: "https://example.com/usage", key: %1$s, former-key: %1$s}
              c: {kind: otlp, url: "http://collector:4318/v1/traces"}
              d: {kind: langfuse, public-key: pk-1, key: sk-1}
              e: {kind: helicone, key: sk-1}
              f: {kind: lunary, key: sk-1}
            """
                .formatted(SECRET));

    assertThat(sinks.stream().map(SinkSettingsTest::made))
        .isEqualTo(
            List.of(
                JsonLinesSink.class,
                WebhookSink.class,
                OtlpSink.class,
                LangfuseSink.class,
                HeliconeSink.class,
                LunarySink.class));
    assertThat(sinks).allMatch(sink -> sink.settings().batch() == 100);
    assertThat(sinks).allMatch(sink -> sink.settings().from() == null);
  }

  @Test
  void optionsVariablesAndTheFileGiveThem() throws IOException {
    environment.put("LLM_ACCOUNTING_SINKS_MY_TRACES_KIND", "langfuse");
    environment.put("LLM_ACCOUNTING_SINKS_MY_TRACES_PUBLIC_KEY", "pk-1");
    environment.put("LLM_ACCOUNTING_SINKS_MY_TRACES_KEY", "sk-canary");
    environment.put("LLM_ACCOUNTING_SINKS_MY_TRACES_TAGS", "team, tier");
    options.put("sinks.my-traces.batch", "7");

    LoadedSettings loaded =
        read(
            "sinks:\n  my-traces:\n    timeout: 5s\n    from: 2026-03-01T00:00:00Z\n    batch: 9\n");

    RunSink sink = loaded.settings().sinks().get(0);
    assertThat(sink.name()).isEqualTo("my-traces");
    assertThat(sink.kind()).isEqualTo(SinkKind.LANGFUSE);
    assertThat(sink.settings().batch()).isEqualTo(7);
    assertThat(sink.settings().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(sink.settings().from()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
    assertThat(loaded.values())
        .contains(
            new Setting("sinks.my-traces.key", "***", "LLM_ACCOUNTING_SINKS_MY_TRACES_KEY"),
            new Setting("sinks.my-traces.url", "https://cloud.langfuse.com", "default"),
            new Setting("sinks.my-traces.batch", "7", "command line"));
    assertThat(loaded.values().toString()).doesNotContain("canary");
  }

  @Test
  void whatAUrlHidesInItsQueryIsNotShown() throws IOException {
    LoadedSettings loaded =
        read("sinks: {c: {kind: otlp, url: \"https://collector/v1/traces?token=canary\"}}");

    assertThat(loaded.values())
        .contains(
            new Setting(
                "sinks.c.url", "https://collector/v1/traces?***", SettingsReader.FILE + ":1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {kind: paper}                              | sinks.x.kind must be one of json-lines, webhook, otlp, langfuse, helicone, lunary, was "paper"
          {folder: a}                                | sinks.x.kind is required; it must be one of json-lines
          {}                                         | sinks.x.kind is required; it must be one of json-lines
          {kind: json-lines}                         | sinks.x.folder is required where kind is json-lines
          {kind: webhook, key: sk-canary}            | sinks.x.url is required where kind is webhook
          {kind: lunary}                             | sinks.x.key is required where kind is lunary
          {kind: langfuse, key: sk-canary}           | sinks.x.public-key is required where kind is langfuse
          {kind: webhook, url: 'http://h', key: sk-canary} | sinks.x.key cannot be used: a secret of a webhook must be whsec_ and 24 bytes
          {kind: lunary, key: "sk-canary\\n2"}       | sinks.x.key must give printable ASCII characters without blanks around them (not shown)
          {kind: lunary, key-file: gone.txt}         | sinks.x.key-file cannot be read:
          {kind: otlp, url: 'ftp://h'}               | sinks.x.url must be a URL such as https://host/path, without user and password, was "ftp://h"
          {kind: otlp, url: 'http://a:canary@h'}     | sinks.x.url must be a URL such as https://host/path, without user and password, was another one (not shown)
          {kind: otlp, url: 'http://h/ ?canary'}     | sinks.x.url must be a URL such as https://host/path, without user and password, was another one (not shown)
          {kind: otlp, url: 'http://h', folder: a}   | sinks.x.folder must be left out where kind is otlp; it is for json-lines
          {kind: json-lines, folder: a, key: canary} | sinks.x.key must be left out where kind is json-lines; it is for webhook, otlp, langfuse, helicone, lunary
          {kind: json-lines, folder: a, file-size: 5} | sinks.x.file-size must be 1KiB or more, was "5"
          {kind: json-lines, folder: a, batch: 5000} | sinks.x.batch must be a whole number from 1 to 1000, was "5000"
          {kind: json-lines, folder: a, timeout: 1h} | sinks.x.timeout must be 100ms to 10m, was "1h"
          {kind: json-lines, folder: a, from: today} | sinks.x.from must be now, beginning, or an instant such as 2026-03-01T00:00:00Z, was "today"
          {kind: json-lines, folder: a, users: hash, users-key: canary} | sinks.x.users-key must have 16 characters or more where users is hash (not shown)
          {kind: json-lines, folder: a, users-key: canary} | sinks.x.users-key must be left out, or users be hash
          """)
  void aWrongOneIsToldWithItsFieldAndWhatWouldBeRight(String yaml, String problem) {
    List<String> problems = problems("sinks:\n  x: " + yaml + "\n");

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains(problem).doesNotContain("canary");
  }

  @Test
  void namesAndFoldersAreChecked() {
    assertThat(problems("sinks: {My Files: {kind: json-lines, folder: a}}"))
        .containsExactly(
            "sinks.My Files must be named by lower-case letters, digits and hyphens, 64 at most");
    assertThat(
            problems(
                """
                sinks:
                  a: {kind: json-lines, folder: usage}
                  b: {kind: json-lines, folder: ./usage}
                """))
        .containsExactly(
            SettingsReader.FILE + ":3: sinks.b.folder must be another one than that of the sink a");
    assertThat(problems("sinks: {a: {knd: otlp}}").get(0)).contains("'sinks.a.kind'");
    assertThat(problems("snks: {a: {kind: otlp}}").get(0)).contains("'sinks'");
  }

  @Test
  void aVariableThatIsNoneOfThemIsTold() {
    environment.put("LLM_ACCOUNTING_SINKS_FILES_FLODER", "usage");

    assertThat(problems(""))
        .containsExactly(
            "LLM_ACCOUNTING_SINKS_FILES_FLODER is no setting of a sink; write"
                + " LLM_ACCOUNTING_SINKS_NAME_SETTING, such as LLM_ACCOUNTING_SINKS_FILES_FOLDER");
  }
}
