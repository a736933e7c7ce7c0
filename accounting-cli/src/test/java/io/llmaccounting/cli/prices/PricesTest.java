package io.llmaccounting.cli.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code prices}, which needs no database. */
class PricesTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  private Ran typed(String... arguments) {
    return bare(InputStream.nullInputStream(), arguments);
  }

  @Test
  @DisplayName("reading K5: a region and a speed change the price, and the reasons say so")
  void explainsTheRegionAndTheSpeed() {
    String[] call = {
      "--format", "json", "prices", "explain", "--model", "claude-opus-5", "--provider",
      "anthropic", "--input-tokens", "100000", "--output-tokens", "0", "--region", "us"
    };

    Ran us = typed(call).exits(Exit.DONE);
    assertThat(us.object()).containsEntry("cost", "0.55").containsEntry("lower_bound", false);
    assertThat(us.object().get("reasons").toString()).contains("region us: times 1.1");

    Ran fast = typed(concat(call, "--speed", "fast", "--extra", "moon_walks=2"));
    assertThat(fast.object()).containsEntry("cost", "1.10").containsEntry("lower_bound", true);
  }

  private static String[] concat(String[] one, String... more) {
    String[] all = java.util.Arrays.copyOf(one, one.length + more.length);
    System.arraycopy(more, 0, all, one.length, more.length);
    return all;
  }

  @Test
  void listsRowsInAllFormats() {
    List<Map<String, Object>> rows =
        typed("--format", "json", "prices", "list", "--provider", "openai", "--model", "gpt-5-mini")
            .exits(Exit.DONE)
            .objects();

    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).containsEntry("provider", "openai"));
    assertThat(typed("--format", "csv", "prices", "list").exits(Exit.DONE).lines())
        .hasSizeGreaterThan(rows.size() + 1)
        .first()
        .asString()
        .startsWith("id,provider,models,");
    assertThat(typed("prices", "list", "--disputed").exits(Exit.DONE).out()).startsWith("ID ");
  }

  @Test
  void explainsInAllFormats() {
    String[] call = {
      "prices",
      "explain",
      "--model",
      "gpt-5-mini",
      "--provider",
      "openai",
      "--input-tokens",
      "1000",
      "--output-tokens",
      "100"
    };

    Ran json = typed(join("--format", "json", call)).exits(Exit.DONE);
    assertThat(json.object()).containsEntry("cost", "0.00045");
    assertThat(json.object().get("reasons")).asInstanceOf(LIST).isNotEmpty();
    assertThat(typed(join("--format", "csv", call)).lines())
        .first()
        .isEqualTo("cost,row,reasons,lower_bound");
    assertThat(typed(call).out()).contains("$0.00045");
  }

  private static String[] join(String first, String second, String... rest) {
    String[] all = new String[rest.length + 2];
    all[0] = first;
    all[1] = second;
    System.arraycopy(rest, 0, all, 2, rest.length);
    return all;
  }

  @Test
  void failsWhereNoPriceIsKnown() {
    Ran ran =
        typed("--format", "json", "prices", "explain", "--model", "zzz", "--input-tokens", "1")
            .exits(Exit.FAILED);

    assertThat(ran.object()).containsEntry("cost", null);
    typed("prices", "explain", "--model", "m").exits(Exit.USAGE).says("--input-tokens");
  }

  @Test
  void checksFiles() {
    write(
        "good.json",
        "{\"format\": 1, \"prices\": [{\"id\": \"a\", \"models\": [\"m\"], \"input\": 1,"
            + " \"output\": 2}]}");
    write(
        "bad.json",
        "{\"format\": 1, \"prices\": [{\"id\": \"a\", \"models\": [\"m\"], \"input\": -1,"
            + " \"output\": 2}]}");

    typed("prices", "check", "good.json").exits(Exit.DONE);
    Ran both =
        typed("--format", "json", "prices", "check", "good.json", "bad.json").exits(Exit.FAILED);

    assertThat(both.objects().get(0)).contains(entry("good", true), entry("rows", 1L));
    assertThat(both.objects().get(1)).contains(entry("good", false), entry("rows", null));
    assertThat(both.objects().get(1).get("problem")).asString().contains("bad.json");
  }

  /** One run tells all that has to be mended. */
  @Test
  void namesEveryProblemOfAFileWithLineAndField() {
    write(
        "bad.json",
        """
        {"format": 1, "prices": [
          {"id": "a", "models": ["m"], "input": -1, "output": "two", "tiers": [{"above": -4, "input": 1}]},
          {"id": "b", "models": ["n"], "input": 0.0000003, "output": 5000},
          {"id": "c", "models": ["o"], "inptu": 1},
          {"id": "d", "models": ["p"], "input": 1, "output": 2},
          {"id": "d", "models": ["q"], "input": 1, "output": 2}
        ]}
        """);

    Ran ran = typed("--format", "json", "prices", "check", "bad.json").exits(Exit.FAILED);

    assertThat((List<?>) ran.objects().get(0).get("problems"))
        .satisfiesExactly(
            one -> assertThat(one.toString()).contains("line 2: input: ", "negative, was -1"),
            one -> assertThat(one.toString()).contains("line 2: output: ", "two"),
            one -> assertThat(one.toString()).contains("line 2: tiers: ", "above"),
            one -> assertThat(one.toString()).contains("line 3: row b: input", "per token"),
            one -> assertThat(one.toString()).contains("line 3: row b: output", "above $1000"),
            one -> assertThat(one.toString()).contains("line 4: inptu: unknown key"),
            one -> assertThat(one.toString()).contains("line 6: id d is already taken"));
    Ran people = typed("prices", "check", "bad.json").exits(Exit.FAILED);
    assertThat(people.out()).contains("line 2: input: ");
    assertThat(people.err().lines()).hasSize(6).last().asString().contains("line 6: id d");
  }

  @Test
  @DisplayName("reading K6, K7: what the bundled table must not have is a doubt in other files")
  void tellsOfWhatIsSeldomMeant() {
    write(
        "odd.json",
        "{\"format\": 1, \"prices\": [{\"id\": \"a\", \"provider\": \"openai\", \"models\":"
            + " [\"gpt-5*\"], \"input\": 1, \"output\": 2}, {\"id\": \"b\", \"models\":"
            + " [\"our-claude\"], \"input\": 3, \"cacheWrite5m\": 3.75}, {\"id\": \"c\","
            + " \"models\": [\"our-claude\"], \"input\": 4}]}");

    Ran ran = typed("--format", "json", "prices", "check", "odd.json").exits(Exit.DONE);

    assertThat(ran.objects().get(0)).contains(entry("good", true), entry("doubts", 3L));
    ran.says(
        "odd.json: row a: its pattern takes",
        "odd.json: row b: it has no cacheWrite1h",
        "odd.json: row c: our-claude never gets its price: row b comes before it");
  }

  /** faults E2: what is advised can be typed, and helps. */
  @Test
  void addsThePriceThatIsMissing() {
    Ran missing = typed("prices", "explain", "--model", "zzz", "--input-tokens", "1");
    assertThat(missing.exits(Exit.FAILED).out() + missing.err())
        .contains("prices add prices.json --model zzz")
        .doesNotContain("PriceCatalog", "()");

    typed("prices", "add", "prices.json", "--model", "zzz", "--input", "1.25", "--output", "10")
        .exits(Exit.DONE);
    typed("prices", "add", "prices.json", "--model", "yy", "--input", "2", "--output", "3")
        .exits(Exit.DONE);

    String[] call = {"prices", "explain", "--model", "zzz", "--input-tokens", "1000000"};
    assertThat(typed(join("--prices", "prices.json", call)).exits(Exit.DONE).out())
        .contains("$1.25");
    assertThat(typed("prices", "check", "prices.json").exits(Exit.DONE).out()).contains("2");
    typed("prices", "add", "prices.json", "--model", "n", "--input", "-1", "--output", "3")
        .exits(Exit.USAGE)
        .says("--input must be at least 0, was -1");
    typed("prices", "check", "prices.json").exits(Exit.DONE);
  }

  private Ran add(String model, String... more) {
    return typed(join("prices", "add", concat(new String[] {"p.json", "--model", model}, more)));
  }

  @Test
  void aPriceThatFollowsAnotherIsAdded() {
    add("m", "--input", "1", "--output", "2").exits(Exit.DONE);

    add("m", "--input", "3", "--output", "4")
        .exits(Exit.FAILED)
        .says("p.json has a price of m already: its row m", "give --from DATE");
    add("m", "--input", "3", "--output", "4", "--from", "2026-02-01").exits(Exit.DONE);
    add("m", "--input", "3", "--output", "4", "--from", "2026-02-01")
        .exits(Exit.FAILED)
        .says("give another --from");

    String[] call = {"p.json", "prices", "explain", "--model", "m", "--input-tokens", "1000000"};
    assertThat(typed(join("--prices", "p.json", rest(call, "2026-01-31"))).out()).contains("$1.00");
    assertThat(typed(join("--prices", "p.json", rest(call, "2026-02-01"))).out()).contains("$3.00");
    assertThat(folder.resolve("p.json")).content().endsWith("}\n");
  }

  private static String[] rest(String[] call, String at) {
    return concat(java.util.Arrays.copyOfRange(call, 1, call.length), "--at", at);
  }

  @Test
  void whatLooksLikeASlipIsTakenWhereItIsMeant() {
    add("m", "--input", "5000", "--output", "6000")
        .exits(Exit.USAGE)
        .says("input of $5000 per 1,000,000 tokens is above $1000", "give --unusual");

    add("m", "--input", "5000", "--output", "6000", "--unusual").exits(Exit.DONE);
    typed("prices", "check", "p.json").exits(Exit.DONE);
  }

  @Test
  void aNameThatABundledRowHasCanBeAddedAndUsed() {
    add("openai/gpt-5-mini", "--input", "1", "--output", "2").exits(Exit.DONE);

    typed("prices", "check", "p.json").exits(Exit.DONE);
  }

  @Test
  void saysWhichModelOrProviderMayBeMeant() {
    String[] call = {"prices", "explain", "--input-tokens", "1", "--model"};

    Ran model = typed(concat(call, "gpt5-mini")).exits(Exit.FAILED).says("'gpt-5-mini'");
    assertThat(model.err()).contains("Did you mean 'gpt-5-mini'").doesNotContain("--cost");
    Ran provider = typed(concat(call, "claude-3-haiku", "--provider", "antropic"));
    assertThat(provider.err()).contains("Did you mean 'anthropic'? ");
  }
}
