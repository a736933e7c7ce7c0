package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator reads of an outage: one line, however many calls it concerns. */
class LoggedOutagesTest extends OutageTest {
  private static final String AWAY =
      "ERROR io.llmaccounting.LlmAccounting - the store cannot be reached, ";

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setErr(before);
  }

  private long lines(String text) {
    return written
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(text))
        .count();
  }

  @Test
  void eachOutageIsLoggedOnce() {
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()))) {
      for (int outage = 1; outage <= 2; outage++) {
        breakDown(accounting);
        for (int i = 0; i < 20; i++) {
          accounting.track(aCall().usage());
        }
        recover(accounting);

        assertThat(lines(AWAY + "calls are recorded in the spool")).isEqualTo(outage);
      }
    }
  }

  @Test
  void whatKeepsFailingIsLoggedTheFirstTimeAndAgainOnceItHadWorked() {
    try (LlmAccounting accounting =
        fragile(
            settings -> settings.continueOnError(handled::add).timeout(Duration.ofSeconds(2)))) {
      for (int outage = 1; outage <= 2; outage++) {
        breakDown(accounting);
        List<CompletionStage<Receipt>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          waiting.add(accounting.trackAsync(aCall().usage()));
        }
        for (CompletionStage<Receipt> each : waiting) {
          assertThat(each.toCompletableFuture().join()).hasStatus(Receipt.Status.NOT_RECORDED);
        }
        recover(accounting);
        assertThat(accounting.track(aCall().usage())).isRecorded();

        assertThat(lines("usage of a call was not stored; the application goes on"))
            .isEqualTo(outage);
        assertThat(handled).hasSize(3 * outage);
      }
    }
  }
}
