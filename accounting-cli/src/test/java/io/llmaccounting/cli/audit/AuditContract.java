package io.llmaccounting.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code log-event} and {@code audit}. */
abstract class AuditContract extends CommandContract {
  private static final String SECRET = "0123456789abcdef0123456789abcdef\n";

  @Test
  void writesAnEntryWithAllThatCanBeSaid() {
    String usage = "0195540d-8a00-7000-8000-000000000001";
    String id =
        (String)
            json(
                    "log-event",
                    "document, shared",
                    "--type",
                    "review",
                    "--actor",
                    "bob",
                    "--model",
                    "gpt-5-mini",
                    "--prompt",
                    "two\nlines \"quoted\"",
                    "--response",
                    "[bold]=1+1",
                    "--response-id",
                    "r-1",
                    "--usage",
                    usage,
                    "--at",
                    "2026-03-01T12:00:00+02:00",
                    "--attribute",
                    "k=v",
                    "--project",
                    "search",
                    "--user",
                    "alice",
                    "--caller",
                    "ranker",
                    "--session",
                    "s1")
                .object()
                .get("id");

    assertThat(json("audit", "list").objects())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .contains(
                        entry("id", id),
                        entry("at", "2026-03-01T10:00:00Z"),
                        entry("type", "review"),
                        entry("actor", "bob"),
                        entry("outcome", "document, shared"),
                        entry("model", "gpt-5-mini"),
                        entry("project", "search"),
                        entry("user", "alice"),
                        entry("caller", "ranker"),
                        entry("session", "s1"),
                        entry("usage_id", usage),
                        entry("response_id", "r-1"),
                        entry("prompt", "two\nlines \"quoted\""),
                        entry("response", "[bold]=1+1"),
                        entry("attributes", Map.of("k", "v"))));
    listsInEveryForm(id);
  }

  private void listsInEveryForm(String id) {
    assertThat(csv("audit", "list").out())
        .startsWith("id,at,type,")
        .contains("\"document, shared\"")
        .contains("\"two\nlines \"\"quoted\"\"\"");
    assertThat(done("audit", "list").out())
        .contains("SESSION")
        .contains("document, shared")
        .doesNotContain("[bold]");
    assertThat(done("--quiet", "audit", "list").lines()).containsExactly(id);
  }

  @Test
  void narrowsAndPages() {
    for (int i = 1; i <= 5; i++) {
      done("log-event", "event " + i, "--session", i % 2 == 0 ? "even" : "odd");
      clock.advance(java.time.Duration.ofMinutes(1));
    }

    assertThat(outcomes("--session", "even")).containsExactly("event 4", "event 2");
    assertThat(outcomes("-n", "2")).containsExactly("event 5", "event 4");
    String last = (String) json("audit", "list", "-n", "2").objects().get(1).get("id");
    assertThat(outcomes("-n", "2", "--after", last)).containsExactly("event 3", "event 2");
    assertThat(outcomes("--type", "prompt")).isEmpty();
    assertThat(outcomes("--to", "2020-01-01")).isEmpty();
  }

  @Test
  void refusesAnEventWithoutAWord() {
    run("log-event").exits(Exit.USAGE).says("nothing was said", "--prompt");
    run("log-event", "x", "--tag", "a=b").exits(Exit.USAGE).says("--attribute");
    run("log-event", "x", "--at", "noon").exits(Exit.USAGE);
  }

  @Test
  void administrativeActsAreListed() {
    done("limits", "set", "a", "--max", "1", "--metric", "requests", "--lifetime");

    assertThat(json("audit", "list", "--type", "admin").objects())
        .singleElement()
        .extracting(row -> row.get("attributes"))
        .asString()
        .contains("limit=a", "change=created");
  }

  @Test
  void countsWhatIsNotSealed() {
    done("log-event", "x");

    assertThat(json("audit", "verify").object())
        .containsExactly(
            entry("intact", true),
            entry("streams", 0L),
            entry("sealed", 0L),
            entry("keyless", 0L),
            entry("unsealed", 1L),
            entry("since_head", 0L),
            entry("retained", 0L),
            entry("damages", List.of()));
  }

  @Test
  void provesWhatWasSealedWithTheKeyOfTheEnvironment() {
    write("secret", SECRET);
    environment.put("LLM_ACCOUNTING_AUDIT_KEY", "2026=secret");
    done("log-event", "one");
    done("log-event", "two");
    write("head.txt", done("audit", "head").out());
    done("log-event", "three");

    assertThat(json("audit", "verify", "--head", "head.txt").object())
        .contains(
            entry("intact", true),
            entry("streams", 3L),
            entry("sealed", 3L),
            entry("keyless", 0L),
            entry("since_head", 1L));
    assertThat(json("audit", "head").objects())
        .hasSize(3)
        .allSatisfy(end -> assertThat(end).containsEntry("sequence", 1L));
    assertThat(csv("audit", "head").lines())
        .hasSize(4)
        .first()
        .isEqualTo("stream,sequence,hash,latest");
    assertThat(csv("audit", "verify").lines()).last().asString().startsWith("true,3,3,0,0,");

    environment.remove("LLM_ACCOUNTING_AUDIT_KEY");
    assertThat(run("audit", "verify").exits(Exit.FAILED).out())
        .contains("sealed with the key \"2026\", which was not given");
    done("audit", "verify", "--key", "2026=secret");
    run("audit", "verify", "--key", "secret").exits(Exit.USAGE).says("NAME=FILE");
    run("audit", "verify", "--key", "2026=nowhere").exits(Exit.USAGE).says("nowhere");
  }

  @Test
  void namesAnEndThatIsGone() {
    write("secret", SECRET);
    environment.put("LLM_ACCOUNTING_AUDIT_KEY", "2026=secret");
    done("log-event", "one");
    String head = done("audit", "head").out();
    write("head.txt", head.replace(" 1 ", " 2 ").replaceFirst("head 2 ", "head 1 "));

    assertThat(run("audit", "verify", "--head", "head.txt").exits(Exit.FAILED).out())
        .contains("cut off");
    write("none.txt", "hello");
    run("audit", "verify", "--head", "none.txt").exits(Exit.USAGE).says("is no head");
    run("audit", "verify", "--head", "missing.txt").exits(Exit.USAGE);
  }

  @Test
  void keepsTheLogInAnotherDatabaseWhereThatIsSaid() {
    String other = folder.resolve("audit.db").toString();
    done("--audit-db", other, "log-event", "elsewhere");
    done("log-event", "here");

    assertThat(json("--audit-db", other, "audit", "list").objects())
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("outcome", "elsewhere"));
    assertThat(outcomes()).containsExactly("here");
  }

  private List<Object> outcomes(String... options) {
    List<String> all = new java.util.ArrayList<>(List.of("audit", "list"));
    all.addAll(List.of(options));
    return json(all.toArray(String[]::new)).objects().stream()
        .map(row -> row.get("outcome"))
        .toList();
  }
}
