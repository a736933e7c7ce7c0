package io.llmaccounting.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.testkit.ManualClock;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarsTest {
  private static Bars bars(long most, Map<String, String> environment) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Bars(
        most,
        new Console(
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            environment,
            Path.of(""),
            new Console.Terminal(true, true, 80),
            ManualClock.create(),
            null));
  }

  @Test
  void aTerminalOfUnicodeShowsEighths() {
    Bars bars = bars(1_600, Map.of("LANG", "en_GB.UTF-8"));

    assertThat(bars.of(1_600)).isEqualTo("\u2588".repeat(16));
    assertThat(bars.of(850)).isEqualTo("\u2588".repeat(8) + "\u258c");
    assertThat(bars.of(1)).isEqualTo("\u258f");
    assertThat(bars.of(0)).isEmpty();
    assertThat(bars(0, Map.of("LC_ALL", "C.utf8")).of(7)).isEmpty();
  }

  @Test
  void anyOtherTerminalShowsAscii() {
    for (Map<String, String> other :
        java.util.List.of(
            Map.<String, String>of(),
            Map.of("LANG", "C"),
            Map.of("LC_ALL", "POSIX", "LANG", "en_GB.UTF-8"))) {
      assertThat(bars(1_600, other).of(850)).isEqualTo("########");
      assertThat(bars(1_600, other).of(1)).isEqualTo("#");
    }
  }

  @Test
  void theLargestAmountsDoNotOverflow() {
    assertThat(bars(Long.MAX_VALUE, Map.of()).of(Long.MAX_VALUE)).hasSize(16);
  }
}
