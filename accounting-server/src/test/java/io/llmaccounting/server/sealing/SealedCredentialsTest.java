package io.llmaccounting.server.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.config.SettingSources;
import io.llmaccounting.server.config.SettingsReader;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials of projects, sealed in the store. */
class SealedCredentialsTest {
  private static final Secret SECRET = Secret.of("sk-upstream-secret");

  @TempDir Path folder;
  private final ManualClock clock = ManualClock.create();
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create()).clock(clock).build();

  @AfterEach
  void close() {
    accounting.close();
  }

  private ServerSettings settings(String... namesAndValues) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SettingsReader.read(new SettingSources(Map.of(), environment, null, folder)).settings();
  }

  private KeySource source(String... namesAndValues) {
    return KeySource.of(settings(namesAndValues), new SecureRandom());
  }

  private SealedCredentials credentials(KeySource source) {
    return new SealedCredentials(accounting.credentials(), source, new Sealing(new SecureRandom()));
  }

  private Path keyFile() {
    return folder.resolve("llm-accounting.db.sealing-key");
  }

  @Test
  void aKeyFileForItsOwnerIsMadeBesideTheSqliteFile() throws IOException {
    SealedCredentials credentials = credentials(source());

    ProviderCredential added = credentials.add("apollo", "openai", "main", SECRET, clock.instant());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
        .isEqualTo("rw-------");
    assertThat(credentials(source()).open(added)).isEqualTo(SECRET);
    assertThat(added.toString()).doesNotContain("sk-upstream");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sk-canary\n", "sk-canary\r\n", "sk-\u0000canary", " sk-canary", "sk-canär"})
  void aCredentialThatNoHeaderCanHaveIsRefusedWithoutShowingIt(String text) {
    SealedCredentials credentials = credentials(source());

    assertThatThrownBy(() -> credentials.add(null, "openai", "a", Secret.of(text), clock.instant()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a credential must ")
        .hasMessageNotContaining("can");
    assertThat(accounting.credentials().list()).isEmpty();
  }

  @Test
  void aServiceAccountMayHaveLines() {
    Secret account = Secret.of("{\n  \"type\": \"service_account\"\n}\n");
    SealedCredentials credentials = credentials(source());

    credentials.add(null, "vertex", "a", account, clock.instant());

    assertThat(credentials.of(null, "vertex")).contains(account);
  }

  @Test
  void aProjectUsesItsOwnCredentialBeforeThatOfAll() {
    SealedCredentials credentials = credentials(source());
    credentials.add(null, "openai", "a", Secret.of("of all"), clock.instant());
    credentials.add("apollo", "openai", "b", Secret.of("of apollo"), clock.instant());

    assertThat(credentials.of("apollo", "openai")).contains(Secret.of("of apollo"));
    assertThat(credentials.of("voyager", "openai")).contains(Secret.of("of all"));
    assertThat(credentials.of(null, "openai")).contains(Secret.of("of all"));
    assertThat(credentials.of("apollo", "xai")).isEmpty();
  }

  @Test
  void postgresNeedsAKeyThatAllInstancesShare() {
    KeySource source = source("LLM_ACCOUNTING_DB", "jdbc:postgresql://host/db");

    assertThatThrownBy(source::keys).hasMessageContaining("LLM_ACCOUNTING_SEALING_KEY");
  }

  @Test
  void aRunningServerFollowsARotation() {
    KeySource source = source();
    SealedCredentials running = credentials(source());
    SealedCredentials rotating = credentials(source);
    ProviderCredential one = running.add("apollo", "openai", "a", SECRET, clock.instant());
    running.add(null, "xai", "b", SECRET, clock.instant());
    running.open(one);

    source.rotate();
    long behind = rotating.behind();
    long resealed = rotating.resealAll(done -> {});
    source.forgetFormer();

    assertThat(behind).isEqualTo(2);
    assertThat(resealed).isEqualTo(2);
    assertThat(running.of("apollo", "openai")).contains(SECRET);
    assertThat(rotating.behind()).isZero();
    assertThat(rotating.resealAll(done -> {})).isZero();
    assertThatThrownBy(() -> credentials(source()).open(one))
        .hasMessageContaining("which is not among the keys given");
  }

  @Test
  void aLostKeyFileIsNotedAndNotReplaced() throws IOException {
    credentials(source()).add("apollo", "openai", "main", SECRET, clock.instant());
    Files.delete(keyFile());
    SealedCredentials credentials = credentials(source());

    assertThat(credentials.faults().values())
        .singleElement()
        .asString()
        .contains("\"main\"", "for openai", "\"apollo\"", "there is no file " + keyFile());
    assertThatThrownBy(() -> credentials.add(null, "xai", "b", SECRET, clock.instant()))
        .isInstanceOf(SealingException.class)
        .hasMessageContaining("only the key in it opens the stored credentials (1)");
    assertThatThrownBy(credentials::behind).isInstanceOf(SealingException.class);
    assertThatThrownBy(() -> credentials.of("apollo", "openai"))
        .isInstanceOf(SealingException.class);
    assertThat(keyFile()).doesNotExist();
  }

  @Test
  void anotherKeyIsNotedWithTheNameOfTheCredentialThatItDoesNotOpen() {
    credentials(source()).add(null, "xai", "spare", SECRET, clock.instant());
    SealingKey other = SealingKey.random(new SecureRandom());

    assertThat(credentials(source("LLM_ACCOUNTING_SEALING_KEY", other.text())).faults().values())
        .singleElement()
        .asString()
        .contains("\"spare\" for xai of all projects", "which is not among the keys given");
    assertThat(credentials(source()).faults()).isEmpty();
  }

  @Test
  void aKeyInASettingIsRotatedByWhoeverSetIt() {
    SealingKey old = SealingKey.random(new SecureRandom());
    SealingKey next = SealingKey.random(new SecureRandom());
    KeySource before = source("LLM_ACCOUNTING_SEALING_KEY", old.text());
    credentials(before).add(null, "openai", "a", SECRET, clock.instant());
    KeySource after = source("LLM_ACCOUNTING_SEALING_KEY", next.text() + "," + old.text());

    assertThatThrownBy(before::rotate).hasMessageContaining("put a new key before it");
    assertThat(credentials(after).resealAll(done -> {})).isEqualTo(1);
    assertThat(credentials(source("LLM_ACCOUNTING_SEALING_KEY", next.text())).of(null, "openai"))
        .contains(SECRET);
  }
}
