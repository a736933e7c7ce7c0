package io.llmaccounting.postgres;

import io.llmaccounting.cli.Main;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs the bench command with a durable PostgreSQL that is there only for it. */
public final class DurableBench {
  private DurableBench() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedServer server = EmbeddedServer.durable();
    List<String> all =
        new ArrayList<>(List.of("--db", server.url(), "--db-user", "postgres", "bench"));
    all.addAll(Arrays.asList(arguments));
    Main.main(all.toArray(String[]::new));
  }
}
