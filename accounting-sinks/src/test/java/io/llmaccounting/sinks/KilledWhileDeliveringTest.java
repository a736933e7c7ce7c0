package io.llmaccounting.sinks;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.usage.Usage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process dies after the receiver has taken a batch and before the store knows. */
class KilledWhileDeliveringTest {
  private static final int CALLS = 100;

  @TempDir private Path folder;

  @Test
  void nothingIsMissingAndWhatComesTwiceHasItsId() throws Exception {
    Path file = folder.resolve("usage.db");
    Set<String> recorded = new HashSet<>();
    try (SqliteBackend backend = SqliteBackend.open(file);
        LlmAccounting accounting = LlmAccounting.create(backend);
        Receiver receiver = new Receiver()) {
      boolean opened = backend.outbox().open("hook", null);
      assertThat(opened).isTrue();
      for (int i = 0; i < CALLS; i++) {
        Usage usage = aCall().at(Instant.now()).usage();
        accounting.track(usage);
        recorded.add(usage.id().toString());
      }

      int kills = 3;
      for (int kill = 0; kill < kills; kill++) {
        killAfterBatches(2 + kill, file, receiver, kill * 120);
      }
      CountDownLatch all = new CountDownLatch(1);
      receiver.answering =
          request -> {
            if (received(receiver).containsAll(recorded)) {
              all.countDown();
            }
            return new Receiver.Answer(200, "");
          };
      try (ChildProcess last = start(file, receiver, kills * 120)) {
        all.await();
        last.go();
        assertThat(last.rest()).hasSize(1);
      }

      assertThat(received(receiver)).isEqualTo(recorded);
      long sent = receiver.requests.stream().mapToLong(request -> request.ids().size()).sum();
      assertThat(sent).isBetween(CALLS + 10L * kills, CALLS + 20L * kills);
      assertThat(backend.outbox().sinks().get(0).waiting()).isZero();
    }
  }

  private static Set<String> received(Receiver receiver) {
    Set<String> ids = new HashSet<>();
    receiver.requests.forEach(request -> ids.addAll(request.ids()));
    return ids;
  }

  private static ChildProcess start(Path file, Receiver receiver, int ahead) throws Exception {
    return ChildProcess.of(
        DeliveringMain.class, file.toString(), receiver.uri("/").toString(), "" + ahead);
  }

  private static void killAfterBatches(int batches, Path file, Receiver receiver, int ahead)
      throws Exception {
    int before = receiver.requests.size();
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    receiver.answering =
        request -> {
          if (receiver.requests.size() >= before + batches) {
            taken.countDown();
            awaitQuietly(killed);
          }
          return new Receiver.Answer(200, "");
        };
    try (ChildProcess process = start(file, receiver, ahead)) {
      taken.await();
      process.kill();
      killed.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
