package io.llmaccounting.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.health.ErrorPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server is told, and by whom. */
class SettingsReaderTest {
  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> options = new HashMap<>();

  private ServerSettings read() {
    return SettingsReader.read(sources(null)).settings();
  }

  private ServerSettings read(String yaml) throws IOException {
    Files.writeString(folder.resolve(SettingsReader.FILE), yaml);
    return read();
  }

  private SettingSources sources(@Nullable String file) {
    return new SettingSources(options, environment, file, folder);
  }

  private List<String> problems(String yaml) throws IOException {
    Files.writeString(folder.resolve(SettingsReader.FILE), yaml);
    return catchThrowableOfType(SettingsException.class, this::read).problems();
  }

  private UpstreamSettings upstream(ServerSettings settings, String name) {
    return settings.gateway().upstreams().get(name);
  }

  @Test
  void nothingIsNeeded() {
    ServerSettings settings = read();

    assertThat(settings.listening()).isEqualTo(new Listening("127.0.0.1", 8181, null, null));
    assertThat(settings.store().place()).isEqualTo(folder.resolve("llm-accounting.db").toString());
    assertThat(settings.store().spool()).isNull();
    assertThat(settings.errorPolicy()).isEqualTo(ErrorPolicy.CONTINUE);
    assertThat(settings.buffered()).as("limits see at once what was spent").isFalse();
    assertThat(settings.notice()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.drain()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.sealing()).isNull();
    assertThat(settings.log()).isEqualTo(LogSettings.DEFAULTS);
    assertThat(settings.gateway().defaultUpstream()).isEqualTo("openai");
    assertThat(settings.gateway().bodies()).isEqualTo(BodyLimits.DEFAULTS);
    assertThat(settings.gateway().rates()).isEqualTo(RequestRates.UNBOUNDED);
    assertThat(settings.gateway().upstreams())
        .containsOnlyKeys(
            "openai", "anthropic", "gemini", "mistral", "deepseek", "xai", "cohere", "ollama");
    assertThat(upstream(settings, "openai"))
        .isEqualTo(
            new UpstreamSettings(
                "openai",
                UpstreamKind.OPENAI,
                URI.create("https://api.openai.com"),
                "openai",
                AuthScheme.BEARER,
                null,
                null,
                UpstreamTimeouts.DEFAULTS,
                2,
                List.of(),
                BreakerSettings.DEFAULTS,
                AddressRule.PUBLIC));
    assertThat(upstream(settings, "ollama").addresses()).isEqualTo(AddressRule.PUBLIC_OR_LOOPBACK);
  }

  @Test
  void optionsComeBeforeVariablesAndThoseBeforeTheFile() throws IOException {
    String yaml = "listen: {host: a, port: 1, certificate: c, private-key: k}\ndrain: 1m\n";
    environment.put("LLM_ACCOUNTING_LISTEN_HOST", "b");
    environment.put("LLM_ACCOUNTING_LISTEN_PORT", "2");
    options.put("listen.port", "3");
    Files.createFile(folder.resolve("c"));
    Files.createFile(folder.resolve("k"));

    ServerSettings settings = read(yaml);

    assertThat(settings.listening())
        .isEqualTo(new Listening("b", 3, folder.resolve("c"), folder.resolve("k")));
    assertThat(settings.drain()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aSettingSaysWhoGaveIt() throws IOException {
    Files.writeString(
        folder.resolve("my.yaml"), "drain: 1m\nupstreams:\n  xai:\n    attempts: 3\n");
    environment.put("LLM_ACCOUNTING_LISTEN_HOST", "::1");
    environment.put("OPENAI_API_KEY", "sk-canary");
    options.put("db.place", "x.db");

    List<Setting> values = SettingsReader.read(sources("my.yaml")).values();

    assertThat(values)
        .contains(
            new Setting("drain", "1m", "my.yaml:1"),
            new Setting("upstreams.xai.attempts", "3", "my.yaml:4"),
            new Setting("listen.host", "::1", "LLM_ACCOUNTING_LISTEN_HOST"),
            new Setting("db.place", "x.db", "command line"),
            new Setting("upstreams.openai.credential", "***", "OPENAI_API_KEY"),
            new Setting("listen.port", "8181", "default"));
    assertThat(values.toString()).doesNotContain("canary");
  }

  @Test
  void answersAreKeptWhereThatIsSwitchedOn() throws IOException {
    assertThat(read().gateway().cache()).isNull();
    assertThat(read("cache: {time: \"off\"}").gateway().cache()).isNull();
    assertThat(read("cache: {time: 1h, size: 1MiB}").gateway().cache())
        .isEqualTo(new CacheSettings(Duration.ofHours(1), 1 << 20));
    assertThat(problems("cache: {tiem: 1h}")).anyMatch(one -> one.contains("'cache.time'?"));
    assertThat(problems("cache: {time: soon}")).anyMatch(one -> one.contains("cache.time"));
  }

  @Test
  void aServerMayStopWithoutNotice() throws IOException {
    assertThat(read("notice: 0s").notice()).isZero();
    assertThat(problems("notice: -1s")).singleElement().asString().contains("notice must");
  }

  @Test
  void bodiesThatAreHeldHaveBounds() throws IOException {
    assertThat(read("bodies: {together: 1GiB, time: 10s}").gateway().bodies())
        .isEqualTo(new BodyLimits(16L << 20, 512L << 20, 1L << 30, Duration.ofSeconds(10)));
  }

  @Test
  void aCredentialThatNoHeaderCanHaveIsAFaultAndNotShown() throws IOException {
    environment.put("OPENAI_API_KEY", "sk-canary\n");
    Files.writeString(folder.resolve("token.txt"), "sk-\tcanary\n");

    assertThat(problems("upstreams:\n  xai:\n    credential-file: token.txt\n"))
        .anyMatch(one -> one.contains("upstreams.openai.credential of OPENAI_API_KEY must have"))
        .anyMatch(one -> one.contains("upstreams.xai.credential must have printable"))
        .noneMatch(one -> one.contains("canary"));
  }

  @Test
  void credentialsComeFromTheUsualVariables() {
    environment.put("GOOGLE_API_KEY", "g");
    environment.put("MISTRAL_API_KEY", "m");

    ServerSettings settings = read();

    assertThat(upstream(settings, "gemini").credential()).isEqualTo(Secret.of("g"));
    assertThat(upstream(settings, "mistral").credential()).isEqualTo(Secret.of("m"));
    assertThat(upstream(settings, "openai").credential()).isNull();
  }

  @Test
  void aFileRefersToSecrets() throws IOException {
    environment.put("MINE", "s3");
    Files.writeString(folder.resolve("token.txt"), "s4\nmore\n");
    String yaml =
        """
        db:
          place: jdbc:postgresql://host/db
          user: app
          password: ${MINE}
        upstreams:
          here:
            url: http://127.0.0.1:8000/base
            allow-private: true
            credential-file: token.txt
            fallbacks: [openai, "ollama:llama3:8b"]
        """;

    ServerSettings settings = read(yaml);

    assertThat(settings.store())
        .isEqualTo(
            new StoreSettings(
                "jdbc:postgresql://host/db",
                "app",
                Secret.of("s3"),
                null,
                folder.resolve("llm-accounting-spool")));
    assertThat(upstream(settings, "here").credential()).isEqualTo(Secret.of("s4"));
    assertThat(upstream(settings, "here").kind()).isEqualTo(UpstreamKind.OPENAI_COMPATIBLE);
    assertThat(upstream(settings, "here").fallbacks())
        .containsExactly(new Fallback("openai", null), new Fallback("ollama", "llama3:8b"));
  }

  @Test
  void variablesNameUpstreamsWithHyphens() {
    environment.put("LLM_ACCOUNTING_UPSTREAMS_MY_LLM_URL", "https://llm.example.com");
    environment.put("LLM_ACCOUNTING_UPSTREAMS_MY_LLM_TIMEOUTS_FIRST_BYTE", "90s");
    environment.put("LLM_ACCOUNTING_UPSTREAMS_MY_LLM_FALLBACKS", "openai, xai");

    UpstreamSettings upstream = upstream(read(), "my-llm");

    assertThat(upstream.base()).isEqualTo(URI.create("https://llm.example.com"));
    assertThat(upstream.timeouts().firstByte()).isEqualTo(Duration.ofSeconds(90));
    assertThat(upstream.fallbacks())
        .extracting(Fallback::upstream)
        .containsExactly("openai", "xai");
  }

  @Test
  void allThatIsWrongIsToldWithItsLineAndTheNearestRightKey() throws IOException {
    List<String> problems =
        problems(
            """
            listen:
              prot: 80
              port: many
            keep-alive: soon
            upstreams:
              openai:
                timeouts: {conect: 1s}
                url: ftp://x
              mine: {kind: openai-compatible}
            lisen: {}
            drain:
            buffered: maybe
            default-upstream: opnai
            """);

    assertThat(problems)
        .containsExactlyInAnyOrder(
            "llm-accounting-server.yaml:2: \"listen.prot\" is no setting. Did you mean"
                + " 'listen.port'?",
            "llm-accounting-server.yaml:3: listen.port must be a whole number from 0 to 65535, was"
                + " \"many\"",
            "llm-accounting-server.yaml:4: keep-alive must be a duration such as 640ms, 1.5s, 90m,"
                + " 1h30m, 7d or PT1H, was \"soon\"",
            "llm-accounting-server.yaml:7: \"upstreams.openai.timeouts.conect\" is no setting. Did"
                + " you mean 'upstreams.openai.timeouts.connect'?",
            "llm-accounting-server.yaml:8: upstreams.openai.url must begin with https:// or"
                + " http://",
            "upstreams.mine.url is required for this kind of upstream, such as"
                + " https://llm.example.com",
            "llm-accounting-server.yaml:10: \"lisen\" is no setting. Did you mean 'listen'?",
            "llm-accounting-server.yaml:11: drain has no value; leave it out, or give one",
            "llm-accounting-server.yaml:12: buffered must be true or false, was \"maybe\"",
            "llm-accounting-server.yaml:13: default-upstream must name an upstream, was \"opnai\"."
                + " Did you mean 'openai'?");
  }

  @Test
  void aVariableThatIsNearlyOneOfOursIsAFault() {
    environment.put("LLM_ACCOUNTING_LISTEN_PROT", "80");

    assertThatThrownBy(this::read)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Did you mean 'LLM_ACCOUNTING_LISTEN_PORT'?");
  }

  @Test
  void variablesThatKubernetesMakesForAServiceOfThatNameAreNotOurs() {
    environment.put("LLM_ACCOUNTING_PORT", "tcp://10.0.0.1:8181");
    environment.put("LLM_ACCOUNTING_SERVICE_HOST", "10.0.0.1");
    environment.put("LLM_ACCOUNTING_SERVICE_PORT", "8181");
    environment.put("LLM_ACCOUNTING_PORT_8181_TCP_ADDR", "10.0.0.1");

    assertThat(read().listening().port()).isEqualTo(8181);
  }

  @Test
  void secretsAreNoOptions() {
    options.put("db.password", "x");

    assertThatThrownBy(this::read).hasMessageContaining("which everybody on the machine can see");
  }

  @Test
  void aVariableThatIsReferredToMustBeSet() throws IOException {
    assertThat(problems("upstreams:\n  xai:\n    credential: ${NOWHERE}\n"))
        .containsExactly(
            "llm-accounting-server.yaml:3: upstreams.xai.credential refers to the variable NOWHERE,"
                + " which is not set; set it, or write ${NOWHERE:-VALUE}");
    assertThat(read("listen:\n  host: ${NOWHERE:-::1}\n").listening().host()).isEqualTo("::1");
  }

  @Test
  void whatIsNoYamlIsToldWithItsLine() throws IOException {
    assertThat(problems("listen:\n  port: [\n"))
        .singleElement()
        .asString()
        .startsWith("llm-accounting-server.yaml:3: not YAML: ");
    assertThat(problems("- a\n"))
        .containsExactly("llm-accounting-server.yaml:1: the file must have settings below it");
    assertThat(problems("drain: !!java.net.URL [x]\n")).isNotEmpty();
    assertThat(problems("drain: 1m\ndrain: 2m\n")).isNotEmpty();
  }

  @Test
  void aFileThatIsNamedMustBeThere() {
    assertThatThrownBy(() -> SettingsReader.read(sources("gone.yaml")))
        .hasMessageContaining("there is no file");
  }

  @Test
  void regionsGiveUrls() throws IOException {
    ServerSettings settings =
        read(
            """
            upstreams:
              bedrock: {region: eu-central-1, auth: aws-sigv4}
              vertex: {region: global}
              openai: {enabled: false}
            default-upstream: none
            """);

    assertThat(upstream(settings, "bedrock").base())
        .isEqualTo(URI.create("https://bedrock-runtime.eu-central-1.amazonaws.com"));
    assertThat(upstream(settings, "vertex").base())
        .isEqualTo(URI.create("https://aiplatform.googleapis.com"));
    assertThat(settings.gateway().upstreams()).doesNotContainKey("openai");
    assertThat(settings.gateway().defaultUpstream()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com, true",
    "https://api.example.com/base, true",
    "http://8.8.8.8, true",
    "http://[2606:4700::1111], true",
    "file:///etc/passwd, false",
    "https://user@host, false",
    "https://host/#x, false",
    "https://host/?x=1, false",
    "https://, false",
    "http://127.0.0.1, false",
    "http://localhost:11434, false",
    "http://x.localhost, false",
    "http://169.254.169.254, false",
    "http://metadata.google.internal, false",
    "http://[fd00:ec2::254], false",
    "http://[::ffff:169.254.169.254], false",
    "http://[::1], false",
    "http://10.1.2.3, false",
    "http://2130706433, false",
    "http://0x7f.1, false",
    "http://127.1, false",
    "http://0177.0.0.1, false"
  })
  void urlsOfUpstreamsAreChecked(String url, boolean good) throws IOException {
    String yaml = "upstreams: {mine: {url: \"%s\"}}".formatted(url);

    if (good) {
      assertThat(upstream(read(yaml), "mine").base()).isEqualTo(URI.create(url));
    } else {
      assertThat(problems(yaml)).isNotEmpty().allMatch(one -> one.contains("upstreams.mine.url"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://llm.example.com/v1, /v1",
    "https://llm.example.com/base/v1/, /v1",
    "https://llm.example.com/v1beta, /v1beta",
    "https://llm.example.com/V1beta2//, /V1beta2"
  })
  void theVersionThatClientsAskIsLeftOutOfUrls(String url, String last) throws IOException {
    assertThat(problems("upstreams: {mine: {url: \"%s\"}}".formatted(url)))
        .containsExactly(
            "llm-accounting-server.yaml:1: upstreams.mine.url must not end in %s: the paths that clients ask begin with it; leave it out"
                .formatted(last));
    assertThat(upstream(read("upstreams: {mine: {url: \"https://x/v1/a\"}}"), "mine").base())
        .isEqualTo(URI.create("https://x/v1/a"));
  }

  @ParameterizedTest
  @CsvSource({"500, 500", "64KB, 64000", "2MiB, 2097152", "1.5 kib, 1536", "1GiB, 1073741824"})
  void sizesHaveUnits(String text, long bytes) {
    assertThat(Forms.size(text)).isEqualTo(bytes);
  }
}
