package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.server.config.SettingSources;
import io.llmaccounting.server.config.SettingsReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes next is said when the server has started. */
class WelcomeTest {
  private static final ProviderCredential STORED =
      new ProviderCredential(
          new UUID(1, 2),
          null,
          "openai",
          "main",
          SealedBytes.of(new byte[] {1}),
          "0123456789ab",
          Instant.EPOCH);

  @TempDir Path folder;

  private Welcome welcome(
      Map<String, String> environment, List<ProviderCredential> stored, boolean hasKeys) {
    SettingSources sources = new SettingSources(Map.of(), environment, null, folder);
    return new Welcome(SettingsReader.read(sources).settings(), 1234, stored, hasKeys);
  }

  @Test
  void aNewServerNeedsACredentialThenAKey() {
    assertThat(welcome(Map.of(), List.of(), false).text())
        .contains("listens on http://127.0.0.1:1234", "upstreams   ollama\n")
        .contains("projects add-credential openai --file FILE", "keys create laptop")
        .doesNotContain("curl");
  }

  @Test
  void withACredentialItIsAsked() {
    assertThat(welcome(Map.of("OPENAI_API_KEY", "sk-x"), List.of(), false).text())
        .contains("keys create laptop", "curl http://127.0.0.1:1234/v1/chat/completions")
        .doesNotContain("add-credential");
    assertThat(welcome(Map.of(), List.of(STORED), false).text())
        .contains("upstreams   ollama, openai\n", "curl")
        .doesNotContain("add-credential");
  }

  @Test
  void withKeysNoFirstOneIsAskedFor() {
    assertThat(welcome(Map.of(), List.of(STORED), true).text())
        .contains("curl")
        .doesNotContain("first key");
    assertThat(
            welcome(
                    Map.of("LLM_ACCOUNTING_DEFAULT_UPSTREAM", "none", "LLM_ACCOUNTING_DB", "x.db"),
                    List.of(),
                    false)
                .text())
        .contains("--db " + folder.resolve("x.db") + " keys create")
        .doesNotContain("curl", "add-credential");
  }
}
