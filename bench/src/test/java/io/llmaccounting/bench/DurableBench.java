package io.llmaccounting.bench;

import io.llmaccounting.testing.postgres.EmbeddedServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures with a durable PostgreSQL that is there only for it. */
public final class DurableBench {
  private DurableBench() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedServer server = EmbeddedServer.durable();
    List<String> all = new ArrayList<>(List.of("--db", server.url(), "--db-user", "postgres"));
    all.addAll(Arrays.asList(arguments));
    Main.main(all.toArray(String[]::new));
  }
}
