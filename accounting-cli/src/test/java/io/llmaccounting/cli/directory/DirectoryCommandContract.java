package io.llmaccounting.cli.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import org.junit.jupiter.api.Test;

/** {@code projects} and {@code users}. */
abstract class DirectoryCommandContract extends CommandContract {

  @Test
  void addsAndListsInAllFormats() {
    done("users", "add", "zoe", "--ou", "R, D", "--email", "zoe@example.org");
    done("users", "add", "al\tice\u001b[31m");

    assertThat(json("users", "list").objects())
        .extracting(user -> user.get("name"), user -> user.get("ou"), user -> user.get("active"))
        .containsExactly(tuple("al\tice\u001b[31m", null, true), tuple("zoe", "R, D", true));
    assertThat(csv("users", "list").out())
        .isEqualTo(
            """
            name,active,ou,email,activated_at,deactivated_at
            al\tice\\u001b[31m,true,,,2026-03-02T09:00:00Z,
            zoe,true,"R, D",zoe@example.org,2026-03-02T09:00:00Z,
            """);
    assertThat(done("users", "list").lines())
        .containsExactly(
            "NAME               ACTIVE  OU    EMAIL            ACTIVATED AT",
            "al\\tice\\u001b[31m  yes     -     -                2026-03-02 09:00Z",
            "zoe                yes     R, D  zoe@example.org  2026-03-02 09:00Z");
  }

  @Test
  void listsNothingWhereThereIsNothing() {
    done("projects", "add", "search");
    done("projects", "remove", "search").says("project \"search\" was removed");

    assertThat(json("projects", "list").objects()).isEmpty();
    assertThat(csv("projects", "list").out())
        .isEqualTo("name,active,activated_at,deactivated_at\n");
  }

  @Test
  void activatesAndDeactivates() {
    done("projects", "add", "search");
    clock.set("2026-03-02T10:00:00Z");

    assertThat(json("projects", "deactivate", "search").object())
        .containsEntry("active", false)
        .containsEntry("deactivated_at", "2026-03-02T10:00:00Z");
    run("--enforce-names", "track", "--model", "m", "--project", "search")
        .exits(Exit.FAILED)
        .says("is deactivated");
    assertThat(json("projects", "activate", "search").object()).containsEntry("active", true);
  }

  @Test
  void renamesAndChanges() {
    done("users", "add", "bob", "--ou", "it");

    assertThat(json("users", "rename", "bob", "robert").object())
        .containsEntry("name", "robert")
        .containsEntry("ou", "it");
    assertThat(json("users", "change", "robert", "--email", "r@example.org").object())
        .containsEntry("ou", "it")
        .containsEntry("email", "r@example.org");
    assertThat(done("-q", "users", "list").lines()).containsExactly("robert");
  }

  @Test
  void failsOnUnknownAndOnTakenNames() {
    done("projects", "add", "a");
    done("projects", "add", "b");

    run("projects", "add", "a").exits(Exit.FAILED).says("there is a project \"a\" already");
    run("projects", "rename", "a", "b").exits(Exit.FAILED).says("\"b\" already");
    run("projects", "rename", "x", "y").exits(Exit.FAILED).says("there is no project \"x\"");
    run("projects", "remove", "x").exits(Exit.FAILED).says("there is no project \"x\"");
    run("projects", "activate", "x").exits(Exit.FAILED).says("\"x\" is not in the directory");
    run("projects", "deactivate", "x").exits(Exit.FAILED).says("\"x\"");
    run("projects", "add", " ").exits(Exit.USAGE).says("must not be blank");
    run("projects", "rename", "a", " ").exits(Exit.USAGE).says("must not be blank");
    run("projects", "add", "c", "--ou", "it").exits(Exit.USAGE).says("--ou");
    run("projects").exits(Exit.USAGE).says("a command is missing");
  }
}
