package io.llmaccounting.proofs;

import io.llmaccounting.testing.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Takes a database away for a while: stops the server, or locks the file. */
record Outages(ProofStore store, @Nullable EmbeddedServer server, Random random) {
  void one(Duration time) throws Exception {
    if (server != null) {
      server.stop(random.nextBoolean() ? EmbeddedServer.Stop.FAST : EmbeddedServer.Stop.IMMEDIATE);
      pass(time);
      server.start();
      return;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store.address());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("BEGIN IMMEDIATE");
      pass(time);
      statement.execute("ROLLBACK");
    }
  }

  static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
