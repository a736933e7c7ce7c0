package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects and the credentials that their calls are sent with. */
class ProjectsTest {
  private static final String CANARY = "sk-canary-0123456789";

  @TempDir Path folder;
  private Commands commands;

  @BeforeEach
  void prepare() {
    commands = new Commands(folder);
  }

  private String stored() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void aCredentialIsReadFromStandardInputAndNeverSeenAgain() throws IOException {
    commands.done("projects", "create", "apollo");

    Commands.Ran added =
        commands
            .runWith(CANARY + "\n", "projects", "add-credential", "openai", "--project", "apollo")
            .exits(Exit.DONE);

    JsonObject listed = commands.objects("projects", "list-credentials").getJsonObject(0);
    assertThat(listed.getString("project")).isEqualTo("apollo");
    assertThat(listed.getString("upstream")).isEqualTo("openai");
    assertThat(added.out() + added.err() + listed + stored()).doesNotContain("canary");
    assertThat(commands.objects("projects", "list").getJsonObject(0).getLong("credentials"))
        .isEqualTo(1);

    commands.done("projects", "remove-credential", listed.getString("id"));

    assertThat(commands.objects("projects", "list-credentials")).isEmpty();
  }

  @Test
  void anUnknownUpstreamIsRefusedWithTheNearest() {
    assertThat(
            commands.runWith(CANARY, "projects", "add-credential", "opnai").exits(Exit.USAGE).err())
        .contains("there is no upstream \"opnai\"", "Did you mean 'openai'?");
    assertThat(commands.run("projects", "add-credential", "openai").exits(Exit.USAGE).err())
        .contains("a credential must have from 1 to");
    assertThat(
            commands
                .runWith("sk-\u0001" + CANARY, "projects", "add-credential", "openai")
                .exits(Exit.USAGE)
                .err())
        .contains("printable", "U+0001", "number 4")
        .doesNotContain(CANARY);
  }

  @Test
  void aLostSealingKeyIsReplacedOnlyWhereThatIsMeant() throws IOException {
    Path key = folder.resolve("llm-accounting.db.sealing-key");
    commands
        .runWith(CANARY, "projects", "add-credential", "openai", "--name", "first")
        .exits(Exit.DONE);
    Files.delete(key);

    assertThat(
            commands.runWith(CANARY, "projects", "add-credential", "xai").exits(Exit.FAILED).err())
        .contains(
            "there is no file", "put its file back", "LLM_ACCOUNTING_SEALING_KEY", "--new-key");
    assertThat(commands.run("rotate-secrets").exits(Exit.FAILED).err()).contains("put its file");
    assertThat(key).doesNotExist();

    assertThat(
            commands
                .runWith(CANARY, "projects", "add-credential", "xai", "--new-key")
                .exits(Exit.DONE)
                .err())
        .contains("credential \"first\" for openai of all projects");
    assertThat(commands.objects("projects", "list-credentials")).hasSize(2);
  }

  @Test
  void aServerThatStartsSaysOnceWhichCredentialsDoNotOpenAndMakesNoKey() throws IOException {
    commands
        .runWith(CANARY, "projects", "add-credential", "openai", "--project", "apollo")
        .exits(Exit.DONE);
    Path key = folder.resolve("llm-accounting.db.sealing-key");
    Files.delete(key);

    String err = commands.run("run", "--port", "0").exits(Exit.FAILED).err();

    assertThat(err)
        .containsOnlyOnce("credential \"main\" for openai of project \"apollo\"")
        .contains("it is not used", "there is no file " + key)
        .doesNotContain("\tat ");
    assertThat(key).doesNotExist();
  }

  @Test
  void aServerDoesNotStartWithASealingKeyThatIsNone() {
    commands.environment.put("LLM_ACCOUNTING_SEALING_KEY", "abc");

    assertThat(commands.run("run", "--port", "0").exits(Exit.USAGE).err())
        .contains("LLM_ACCOUNTING_SEALING_KEY: sealing.key must have 32 bytes");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aProjectThatIsNotKnownIsNotedWhereOthersAre() {
    assertThat(commands.done("keys", "create", "a", "--project", "apolo").err())
        .doesNotContain("warning");
    commands.done("projects", "create", "apollo");

    assertThat(commands.done("keys", "create", "b", "--project", "apolo").err())
        .contains("there is no project \"apolo\". Did you mean 'apollo'?", "projects create");
    assertThat(
            commands
                .runWith(CANARY, "projects", "add-credential", "xai", "--project", "apolo")
                .exits(Exit.DONE)
                .err())
        .contains("there is no project \"apolo\"");
    assertThat(commands.done("keys", "create", "c", "--project", "apollo").err())
        .doesNotContain("warning");
  }

  @Test
  void secretsAreSealedAgainWithANewKey() {
    commands.runWith(CANARY, "projects", "add-credential", "openai").exits(Exit.DONE);
    String before = sealedBy();

    JsonObject rotated = commands.object("rotate-secrets");

    assertThat(rotated.getLong("resealed")).isEqualTo(1);
    assertThat(rotated.getLong("former_keys")).isEqualTo(1);
    assertThat(sealedBy()).isEqualTo(rotated.getString("sealed_by")).isNotEqualTo(before);

    JsonObject forgotten = commands.object("rotate-secrets", "--forget");

    assertThat(forgotten.getLong("resealed")).isZero();
    assertThat(forgotten.getLong("former_keys")).isZero();
    assertThat(sealedBy()).isEqualTo(forgotten.getString("sealed_by"));
  }

  private String sealedBy() {
    return commands.objects("projects", "list-credentials").getJsonObject(0).getString("sealed_by");
  }
}
