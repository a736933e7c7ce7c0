package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.testing.postgres.PostgresServer;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** faults C7: what keeps us from connecting is told with advice that can help. */
class ConnectingIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void aMissingDatabaseIsToldAsSuch() {
    String url = schema.server().url().replaceFirst("/[^/?]+(\\?|$)", "/no_such_database$1");

    BackendException failure = failure(new PostgresServer(url, user(), password()));

    assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
    assertThat(failure)
        .hasMessageContaining("lies in a database that does not exist; create the database")
        .hasMessageNotContaining("migrations");
  }

  @Test
  void aRoleThatMayNotCreateTheSchemaIsToldTheGrants() {
    String role = "poor_" + schema.name();
    schema.server().run("CREATE ROLE " + role + " LOGIN PASSWORD 'for-tests-only'");
    try {
      BackendException failure =
          failure(new PostgresServer(schema.server().url(), role, "for-tests-only"));

      assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
      assertThat(failure).hasMessageContaining("see its documented grants");
    } finally {
      schema.server().run("DROP ROLE " + role);
    }
  }

  /** A process whose processor is busy sees each server as slow as this one. */
  @Test
  void aServerThatAnswersTheFirstConnectionSlowlyIsWaitedFor() throws Exception {
    URI address = URI.create(schema.server().url().substring("jdbc:".length()));
    CountDownLatch answers = new CountDownLatch(1);
    try (CuttingProxy proxy = CuttingProxy.before(address.getPort())) {
      proxy.keepAnswersUntil(answers);
      String url = "jdbc:postgresql://127.0.0.1:" + proxy.port() + address.getPath();
      CompletableFuture.delayedExecutor(PoolWait.PATIENCE.toMillis() + 1_000, TimeUnit.MILLISECONDS)
          .execute(answers::countDown);

      try (PostgresBackend backend =
          PostgresBackend.connect(url, user(), password(), schema.settings())) {
        assertThat(backend.limits().load().limits()).isEmpty();
      }
    }
  }

  private String user() {
    return schema.server().user();
  }

  private String password() {
    return schema.server().password();
  }

  private BackendException failure(PostgresServer server) {
    return catchThrowableOfType(
        BackendException.class,
        () ->
            TestSchema.connect(
                server, PostgresSettings.defaults().schema("missing_" + schema.name())));
  }
}
