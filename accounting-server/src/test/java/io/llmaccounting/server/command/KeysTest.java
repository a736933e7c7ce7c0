package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.sqlite.SqliteBackend;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of callers, made and revoked by commands. */
class KeysTest {
  @TempDir Path folder;
  private Commands commands;

  @BeforeEach
  void prepare() {
    commands = new Commands(folder);
  }

  private Resolution resolved(String secret) {
    try (LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(folder.resolve("llm-accounting.db")))
            .clock(commands.clock)
            .build()) {
      return accounting.access().resolve(secret);
    }
  }

  private List<Limit> limits() {
    try (LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(folder.resolve("llm-accounting.db"))).build()) {
      return accounting.limits().list();
    }
  }

  @Test
  void aKeyIsMadeOnAFileThatIsNotThereYetAndShownOnce() {
    String secret =
        commands.done("-q", "keys", "create", "laptop", "--user", "alice").out().strip();

    assertThat(secret).startsWith("sk-acc-");
    assertThat(resolved(secret).valid().orElseThrow().user()).isEqualTo("alice");
    assertThat(commands.done("keys", "list", "--format", "json").out()).doesNotContain(secret);
    assertThat(commands.done("keys", "show", "laptop").out()).doesNotContain(secret);
  }

  @Test
  void aKeyHasTermsAndLimits() {
    JsonObject made =
        commands.object(
            "keys",
            "create",
            "ci",
            "--project",
            "apollo",
            "--tag",
            "team=red",
            "--model",
            "gpt-5-*",
            "--provider",
            "openai",
            "--role",
            "call",
            "--role",
            "read",
            "--expires",
            "90d",
            "--limit",
            "cost=5/month",
            "--limit",
            "requests=60/1m");

    JsonObject shown = commands.objects("keys", "list").getJsonObject(0);
    String id = made.getString("id");

    assertThat(made.getString("project")).isEqualTo("apollo");
    assertThat(made.getJsonArray("limits").getList())
        .containsExactlyInAnyOrder("cost=5.00/month", "requests=60/1m");
    assertThat(commands.object("keys", "show", "ci").getJsonArray("limits"))
        .isEqualTo(made.getJsonArray("limits"));
    assertThat(shown.getString("id")).isEqualTo(id);
    assertThat(shown.getString("project")).isEqualTo("apollo");
    assertThat(shown.getJsonArray("models").getList()).isEqualTo(List.of("gpt-5-*"));
    assertThat(shown.getJsonArray("roles").getList()).isEqualTo(List.of("call", "read"));
    assertThat(shown.getString("state")).isEqualTo("active");
    assertThat(limits())
        .extracting(Limit::name)
        .containsExactlyInAnyOrder("key " + id + ": cost/month", "key " + id + ": requests/1m");
    assertThat(limits()).allMatch(limit -> limit.toString().contains(id));
  }

  @Test
  void aRevokedKeyIsGoodNoMore() {
    String secret = commands.done("-q", "keys", "create", "laptop").out().strip();

    commands.done("keys", "revoke", "laptop");

    assertThat(resolved(secret)).isInstanceOf(Resolution.Revoked.class);
    assertThat(commands.objects("keys", "list")).isEmpty();
    assertThat(commands.objects("keys", "list", "--all")).hasSize(1);
  }

  @Test
  void allKeysOfAProjectAreRevoked() {
    commands.done("keys", "create", "a", "--project", "apollo");
    commands.done("keys", "create", "b", "--project", "apollo");
    commands.done("keys", "create", "c");

    Commands.Ran ran = commands.done("keys", "revoke", "--all-of", "apollo");

    assertThat(ran.err()).contains("2 keys are revoked");
    assertThat(commands.objects("keys", "list")).hasSize(1);
  }

  @Test
  void aRotatedKeyStaysGoodForAWhileAndAResetOneDoesNot() {
    String first = commands.done("-q", "keys", "create", "laptop").out().strip();
    String second = commands.done("-q", "keys", "rotate", "laptop", "--grace", "1h").out().strip();

    assertThat(resolved(first).valid()).isPresent();
    assertThat(resolved(second).valid()).isPresent();

    commands.clock.advance(Duration.ofHours(2));
    assertThat(resolved(first).valid()).isEmpty();

    String third = commands.done("-q", "keys", "reset", "laptop").out().strip();

    assertThat(resolved(second).valid()).isEmpty();
    assertThat(resolved(third).valid()).isPresent();
  }

  @Test
  void aNameThatSeveralKeysHaveIsRefused() {
    commands.done("keys", "create", "laptop");
    commands.done("keys", "create", "laptop");

    assertThat(commands.run("keys", "show", "laptop").exits(Exit.FAILED).err())
        .contains("2 keys are named \"laptop\"");
    assertThat(commands.run("keys", "show", "nobody").exits(Exit.FAILED).err())
        .contains("there is no key \"nobody\"");
    assertThat(
            commands
                .run("keys", "show", "00000000-0000-0000-0000-000000000001")
                .exits(Exit.FAILED)
                .err())
        .contains("there is no key");
  }

  @Test
  void wrongTermsAreRefusedBeforeAKeyIsMade() {
    commands.done("migrate");

    assertThat(commands.run("keys", "create", "x", "--limit", "cost").exits(Exit.USAGE).err())
        .contains("--limit must be METRIC=AMOUNT/WINDOW");
    assertThat(commands.run("keys", "create", "x", "--limit", "coins=1/1d").exits(Exit.USAGE).err())
        .contains("--limit must measure requests");
    assertThat(
            commands.run("keys", "create", "x", "--limit", "cost=1/soon").exits(Exit.USAGE).err())
        .contains("--limit must have a window");
    assertThat(
            commands.run("keys", "create", "x", "--expires", "2000-01-01").exits(Exit.USAGE).err())
        .contains("--expires must lie in the future");
    assertThat(commands.run("keys", "create", "x", "--role", "boss").exits(Exit.USAGE).err())
        .contains("call, ingest, read, manage");
    assertThat(commands.objects("keys", "list", "--all")).isEmpty();
  }
}
