package io.llmaccounting.server;

import static io.llmaccounting.server.RunningServer.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testing.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL share a sink. */
@Timeout(300)
class SharedSinksIT {
  private final PostgresServer database = PostgresServer.shared();
  private final String schema = PostgresServer.newSchema();

  @TempDir Path folder;
  private SinkReceiver receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = new SinkReceiver();
  }

  @AfterEach
  void drop() {
    receiver.close();
    database.run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  private RunningServer server() throws IOException {
    return new RunningServer(
        folder,
        """
        db: {place: "%s", user: "%s", password: "%s", schema: %s, spool: off}
        sealing: {key: %s}
        sinks:
          hook: {kind: webhook, url: "%s", key: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, batch: 10}
        """
            .formatted(
                database.url(),
                database.user(),
                database.password(),
                schema,
                "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
                receiver.url()));
  }

  private static boolean isHere(RunningServer server) {
    return server.sink("hook").getBoolean("here");
  }

  @Test
  void eachRecordIsDeliveredOnceWhicheverServerRecordedItAndWhicheverStops() throws Exception {
    try (RunningServer one = server()) {
      until(() -> isHere(one));
      try (RunningServer two = server()) {
        for (int i = 0; i < 10; i++) {
          one.record("one-" + i + "-", 10);
          two.record("two-" + i + "-", 10);
        }
        until(() -> receiver.ids().size() >= 200);
        assertThat(List.of(isHere(one), isHere(two))).containsExactly(true, false);

        one.close();
        two.record("after-", 30);

        until(() -> receiver.ids().size() >= 230);
        assertThat(isHere(two)).isTrue();
        until(() -> two.sink("hook").getLong("delivered", 0L) == 230);
      }
    }

    assertThat(receiver.ids()).hasSize(230).doesNotHaveDuplicates();
  }
}
