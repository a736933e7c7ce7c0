package io.llmaccounting.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a setting refers to is looked at when settings are read, not when it is first needed. */
class GivenFilesTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();

  private ServerSettings read(String yaml) throws IOException {
    Files.writeString(folder.resolve(SettingsReader.FILE), yaml);
    return SettingsReader.read(new SettingSources(Map.of(), environment, null, folder)).settings();
  }

  private List<String> problems(String yaml) {
    return catchThrowableOfType(SettingsException.class, () -> read(yaml)).problems();
  }

  @Test
  void aSealingKeyMustHave32Bytes() throws IOException {
    environment.put("LLM_ACCOUNTING_SEALING_KEY", "Y2Fu");

    assertThat(problems(""))
        .containsExactly(
            "LLM_ACCOUNTING_SEALING_KEY: sealing.key must have 32 bytes, had 3; make one with:"
                + " openssl rand -base64 32");

    environment.put("LLM_ACCOUNTING_SEALING_KEY", KEY + ",can*ary");
    assertThat(problems(""))
        .singleElement()
        .asString()
        .contains("must be base64", "(key 2 of 2)")
        .doesNotContain("ary");

    environment.put("LLM_ACCOUNTING_SEALING_KEY", KEY + ", " + KEY.replace("=", ""));
    assertThat(read("").sealing()).isNotNull();
  }

  @Test
  void aFileOfSealingKeysMustHaveThem() throws IOException {
    Files.writeString(folder.resolve("short.txt"), "Y2Fu\n");
    Files.writeString(folder.resolve("empty.txt"), "\n");
    Files.writeString(folder.resolve("good.txt"), KEY + "\n" + KEY + "\n");

    assertThat(problems("sealing: {key-file: short.txt}"))
        .singleElement()
        .asString()
        .startsWith("llm-accounting-server.yaml:1: sealing.key-file names ")
        .contains("short.txt, which must have 32 bytes, had 3");
    assertThat(problems("sealing: {key-file: empty.txt}"))
        .singleElement()
        .asString()
        .contains("is empty");
    assertThat(read("sealing: {key-file: good.txt}").sealingFile()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prices: [gone.json]",
        "sealing: {key-file: gone.json}",
        "listen: {certificate: gone.json, private-key: .}"
      })
  void aFileMustBeThere(String yaml) {
    assertThat(problems(yaml)).anyMatch(one -> one.contains("there is no file " + folder));
  }

  @Test
  void everyFaultOfAFileOfPricesIsSaidBesideOthers() throws IOException {
    Files.writeString(folder.resolve("p.json"), "{\"prices\": 7}");

    assertThat(problems("prices: [p.json]\ndrain: soon\n"))
        .hasSize(2)
        .anyMatch(one -> one.startsWith("llm-accounting-server.yaml:1: prices has a fault: p.json"))
        .anyMatch(one -> one.contains("drain"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"upstreams: {opnai: {}}", "upstreams:\n  opnai:\n"})
  void anUpstreamThatIsOnlyNamedIsNotPassedOver(String yaml) {
    assertThat(problems(yaml))
        .containsExactly(
            "upstreams.opnai.url is required for this kind of upstream, such as"
                + " https://llm.example.com. Did you mean 'openai'?");
  }

  @Test
  void anUpstreamThatIsKnownMayBeOnlyNamed() throws IOException {
    assertThat(read("upstreams: {openai: {}}").gateway().upstreams()).hasSize(8);
  }
}
