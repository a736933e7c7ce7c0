package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.acceptance.ChildProcess;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A durable server that stops and comes back while two virtual machines book on it. */
class ServerRestartIT {
  private static final int RESTARTS = Integer.getInteger("llm.accounting.test.restarts", 3);
  private static final int CALLS_BETWEEN = 200;

  @Test
  void losesAndDoublesNothingThatWasAcknowledged() throws Exception {
    try (EmbeddedServer embedded = EmbeddedServer.durable()) {
      PostgresServer server = PostgresServer.of(embedded);
      try (TestSchema schema = TestSchema.create(server)) {
        save(schema);

        List<String> acknowledged = trackWhileRestarting(embedded, schema);

        try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
          Set<String> stored =
              schema.rows("SELECT id FROM usage_event").stream()
                  .map(row -> row.get(0))
                  .collect(Collectors.toSet());
          assertThat(acknowledged).doesNotHaveDuplicates();
          assertThat(stored).containsExactlyInAnyOrderElementsOf(acknowledged);
          assertThat(accounting.report(TimeRange.always()).run().total().cost().nanos())
              .isEqualTo(7L * acknowledged.size());
          assertThat(accounting.verify().differences()).isEmpty();
        }
      }
    }
  }

  private static void save(TestSchema schema) {
    try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
      accounting.limits().save(Limit.named("all").eachUser().requests(1_000_000).lifetime());
    }
  }

  private static List<String> trackWhileRestarting(EmbeddedServer embedded, TestSchema schema)
      throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (ChildProcess one = child(schema);
        ChildProcess other = child(schema)) {
      for (int restart = 0; restart < RESTARTS; restart++) {
        read(one, lines);
        read(other, lines);
        embedded.restart(
            restart % 2 == 0 ? EmbeddedServer.Stop.IMMEDIATE : EmbeddedServer.Stop.FAST);
      }
      read(one, lines);
      read(other, lines);
      one.go();
      other.go();
      lines.addAll(one.rest());
      lines.addAll(other.rest());
    }
    List<String> acknowledged = new ArrayList<>(lines);
    assertThat(acknowledged.stream().filter("stopped by 10"::equals)).hasSize(2);
    acknowledged.removeIf("stopped by 10"::equals);
    return acknowledged;
  }

  private static ChildProcess child(TestSchema schema) throws Exception {
    PostgresServer server = schema.server();
    return ChildProcess.of(
        TrackingMain.class, server.url(), server.user(), server.password(), schema.name());
  }

  private static void read(ChildProcess child, Queue<String> lines) throws Exception {
    for (int i = 0; i < CALLS_BETWEEN; i++) {
      lines.add(child.line());
    }
  }
}
