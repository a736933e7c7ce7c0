package io.llmaccounting.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import org.junit.jupiter.api.Test;

/** {@code tail}. */
abstract class TailContract extends CommandContract {
  private void track(int calls) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < calls; i++) {
      lines.append(
          "{\"model\":\"m%d\",\"project\":\"%s\",\"at\":\"2026-03-02T08:%02d:00Z\",\"cost\":\"0.1\"}\n"
              .formatted(i, i % 2 == 0 ? "even" : "odd", i));
    }
    runWith(lines.toString(), "track", "--from", "-").exits(Exit.DONE);
  }

  @Test
  void showsTheLastTenNewestFirstInAllFormats() {
    track(12);

    assertThat(json("tail").objects())
        .hasSize(10)
        .extracting(row -> row.get("model"))
        .startsWith("m11", "m10")
        .endsWith("m2");
    assertThat(csv("tail", "-n", "2").lines())
        .hasSize(3)
        .satisfies(lines -> assertThat(lines.get(0)).startsWith("id,at,key,provider,model,"));
    assertThat(done("tail", "-n", "1").lines())
        .containsExactly(
            "AT                 MODEL  PROJECT  INPUT  OUTPUT   COST  OUTCOME",
            "2026-03-02 08:11Z  m11    odd          -       -  $0.10  succeeded");
    assertThat(done("-q", "tail", "-n", "3").lines()).hasSize(3).allMatch(id -> id.length() == 36);
  }

  @Test
  void onlySomeCalls() {
    track(4);

    assertThat(json("tail", "--project", "odd").objects())
        .extracting(row -> row.get("model"))
        .containsExactly("m3", "m1");
    run("tail", "-n", "0").exits(Exit.USAGE).says("-n");
    run("tail", "--from", "2026-01-01").exits(Exit.USAGE).says("export");
  }
}
