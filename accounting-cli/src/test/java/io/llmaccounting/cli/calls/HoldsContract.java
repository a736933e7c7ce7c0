package io.llmaccounting.cli.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code check}, {@code reserve}, {@code settle}, {@code release} and {@code explain}. */
abstract class HoldsContract extends CommandContract {
  private static final String UNKNOWN = "019cada0-0000-7000-8000-000000000000";

  private void limit(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "limits";
    all[1] = "set";
    all[2] = "tight";
    System.arraycopy(options, 0, all, 3, options.length);
    done(all);
  }

  private Map<String, Object> status() {
    return json("limits", "status", "tight").objects().get(0);
  }

  @Test
  void checksInAllFormats() {
    limit("--max", "1", "--metric", "requests", "--calendar", "1 hour");

    assertThat(json("check", "--model", "m").objects())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .contains(
                        entry("limit", "tight"),
                        entry("verdict", "admitted"),
                        entry("remaining", 1L),
                        entry("fits_at", null)));
    done("track", "--model", "m");
    Ran denied = run("--format", "csv", "check", "--model", "m").exits(Exit.DENIED);
    assertThat(denied.lines())
        .containsExactly(
            "limit,subject,verdict,metric,maximum,used,held,remaining,requested,fits_at",
            "tight,,exceeded,requests,1,1,0,0,1,2026-03-02T10:00:00Z");
    denied.says("denied: requests limit", "Try again in 1h");
    assertThat(run("check", "--model", "m").exits(Exit.DENIED).out()).contains("exceeded");
  }

  @Test
  void saysThatARequestNeverFits() {
    limit("--max", "100", "--metric", "total-tokens", "--rolling", "1h");

    run("check", "--model", "m", "--input-tokens", "90", "--max-output-tokens", "20")
        .exits(Exit.DENIED)
        .says("It never fits");
    done("check", "--model", "m", "--input-tokens", "90", "--max-output-tokens", "10");
  }

  @Test
  void warns() {
    limit("--max", "0", "--metric", "requests", "--lifetime", "--warn");

    assertThat(json("check", "--model", "m").objects())
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("verdict", "warned"));
  }

  @Test
  void holdsOutliveTheProcessThatTookThem() {
    limit("--max", "2", "--metric", "requests", "--lifetime");

    Map<String, Object> held = json("reserve", "--model", "m", "--ttl", "1h").object();

    assertThat(held).containsOnlyKeys("hold", "model", "expires_at");
    assertThat(held).containsEntry("expires_at", "2026-03-02T10:00:00Z");
    assertThat(status()).contains(entry("held", 1L), entry("used", 0L));
    assertThat(csv("reserve", "--model", "m").lines()).first().isEqualTo("hold,model,expires_at");
    run("-q", "reserve", "--model", "m").exits(Exit.DENIED).says("denied:");
  }

  @Test
  void printsNothingButTheIdForScripts() {
    done("migrate");
    String hold = done("-q", "reserve", "--model", "m").out().strip();

    assertThat(hold).matches("[0-9a-f-]{36}");
    done("settle", hold, "--input-tokens", "5", "--output-tokens", "2", "--cost", "0.1");
    assertThat(done("reserve", "--model", "m").out()).contains("expires at");
  }

  @Test
  void printsWhatCheckPrintsWhereThereIsNoRoom() {
    limit("--max", "0", "--metric", "requests", "--lifetime");

    assertThat(run("--format", "json", "reserve", "--model", "m").exits(Exit.DENIED).objects())
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("verdict", "exceeded"));
    assertThat(run("-q", "reserve", "--model", "m").exits(Exit.DENIED).out()).isEmpty();
  }

  @Test
  void settlesWithWhatWasConsumed() {
    limit("--max", "100", "--metric", "total-tokens", "--lifetime", "--user", "alice");
    String hold =
        done(
                "-q",
                "reserve",
                "--model",
                "m",
                "--user",
                "alice",
                "--input-tokens",
                "40",
                "--max-output-tokens",
                "20")
            .out()
            .strip();
    assertThat(status()).containsEntry("held", 60L);

    String[] settle = {"settle", hold, "--input-tokens", "30", "--output-tokens", "5"};
    Map<String, Object> receipt = json(settle).object();

    assertThat(receipt)
        .contains(
            entry("id", hold),
            entry("status", "recorded"),
            entry("remaining", Map.of("tight", 65L)));
    assertThat(status()).contains(entry("held", 0L), entry("used", 35L));
    assertThat(json(settle).object()).containsEntry("status", "duplicate");
    run("settle", hold, "--input-tokens", "31").exits(Exit.FAILED).says("already used");
    assertThat(csv(settle).lines()).first().isEqualTo("id,status,cost,remaining");
    assertThat(done(settle).out()).contains("duplicate");
  }

  @Test
  void settlesLateToo() {
    limit("--max", "5", "--metric", "requests", "--lifetime");
    String hold = done("-q", "reserve", "--model", "m", "--ttl", "5s").out().strip();
    clock.advance(Duration.ofMinutes(1));
    assertThat(status()).containsEntry("held", 0L);

    assertThat(json("settle", hold).object()).containsEntry("status", "recorded");

    assertThat(status()).containsEntry("used", 1L);
  }

  @Test
  void releases() {
    limit("--max", "5", "--metric", "requests", "--lifetime");
    String hold = done("-q", "reserve", "--model", "m").out().strip();

    done("release", hold).says("was released");

    assertThat(status()).contains(entry("held", 0L), entry("used", 0L));
    run("release", hold).exits(Exit.FAILED).says("there is no hold " + hold);
    run("settle", hold).exits(Exit.FAILED).says("there is no hold " + hold);
  }

  @Test
  void failsOnUnknownHoldsAndNonsense() {
    done("users", "add", "a");

    run("release", UNKNOWN).exits(Exit.FAILED).says("there is no hold");
    run("settle", UNKNOWN, "--input-tokens", "1").exits(Exit.FAILED).says("there is no hold");
    run("release", "h-1").exits(Exit.USAGE).says("was \"h-1\"");
    run("settle").exits(Exit.USAGE).says("HOLD");
    run("reserve").exits(Exit.USAGE).says("--model");
    run("reserve", "--model", "m", "--ttl", "8d")
        .exits(Exit.USAGE)
        .says("--ttl must be from 1s to 7d, was 8d");
    run("check", "--model", "m", "--input-tokens", "-1").exits(Exit.USAGE).says("-1");
    run("settle", UNKNOWN, "--at", "2026-03-01").exits(Exit.USAGE).says("--at must be absent");
  }

  @Test
  void explainsInAllFormats() {
    limit("--max", "0", "--metric", "requests", "--lifetime", "--user", "alice");

    List<Map<String, Object>> other = json("explain", "--model", "m", "--user", "bob").objects();
    Ran own = csv("explain", "--model", "m", "--user", "alice");

    assertThat(other)
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .contains(entry("limit", "tight"), entry("effect", "does-not-watch")));
    assertThat(own.lines().get(0)).isEqualTo("limit,effect,because");
    assertThat(own.lines().get(1)).startsWith("tight,applies,");
    own.says("denied: requests limit");
    assertThat(done("explain", "--model", "m").says("admitted").out()).startsWith("LIMIT");
  }

  /** faults E2: a call is denied for want of a price; the command that is shown adds it. */
  @Test
  void showsHowToAddThePriceThatIsMissing() {
    done("limits", "set", "spend", "--max", "5", "--metric", "cost", "--lifetime");
    String[] reserve = {"reserve", "--model", "our own", "--input-tokens", "1000"};

    Ran denied = run(reserve).exits(Exit.DENIED).says("unknown cost", "prices add");
    Matcher shown =
        Pattern.compile("'llm-accounting (prices add prices.json .*)', then").matcher(denied.err());
    assertThat(shown.find()).isTrue();
    List<String> words = new ArrayList<>();
    Pattern.compile("'([^']*)'|(\\S+)")
        .matcher(shown.group(1))
        .results()
        .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
    done(words.toArray(String[]::new));

    List<String> again = new ArrayList<>(List.of("--prices", "prices.json"));
    again.addAll(List.of(reserve));
    done(again.toArray(String[]::new));
    run("track", "--model", "our own", "--input-tokens", "5")
        .exits(Exit.DONE)
        .says("not known", "prices add prices.json --model 'our own'");
  }
}
