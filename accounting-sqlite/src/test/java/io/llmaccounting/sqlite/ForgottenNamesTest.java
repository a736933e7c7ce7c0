package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sql.SqlLedger;
import io.llmaccounting.testing.ReplacedLedger;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Usage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that remembers fewer names than a day has is slower for it, and never wrong. */
class ForgottenNamesTest {
  private static final int REMEMBERED = 4;

  @TempDir Path folder;
  private final ManualClock clock = ManualClock.create();

  private interface Work {
    void on(UsageBackend backend, CountingConnections connections);
  }

  private void forgetfully(Work work) throws SQLException {
    Path path = folder.resolve("usage.db");
    SqliteSettings settings = SqliteSettings.defaults().clock(clock);
    SqliteDialect dialect = new SqliteDialect(path);
    try (SqliteBackend backend = SqliteBackend.open(path, settings);
        CountingConnections counting =
            new CountingConnections(new SqliteFile(path, settings), dialect)) {
      work.on(
          new ReplacedLedger(
              backend, new SqlLedger(counting, dialect, session -> clock.instant(), REMEMBERED)),
          counting);
    }
  }

  private static Usage call(int user) {
    return aCall().by("user-" + user).usage();
  }

  private static int others(UsageBackend backend, int user) {
    return Bookings.record(backend, List.of(call(user))).others().size();
  }

  @Test
  void noneThatWasAdmittedBecomesAnother() throws SQLException {
    forgetfully(
        (backend, connections) -> {
          backend.maintenance().names().change(60);
          List<Integer> users = new ArrayList<>();
          for (int user = 1; user <= 60; user++) {
            users.add(user);
            users.add(1 + user / 2);
          }
          users.forEach(user -> assertThat(others(backend, user)).as("user %d", user).isZero());
          assertThat(others(backend, 61)).isEqualTo(1);

          Collections.shuffle(users, new Random(1));
          users.forEach(user -> assertThat(others(backend, user)).as("user %d", user).isZero());
          List<Usage> all = users.stream().distinct().map(user -> call(user)).toList();
          assertThat(Bookings.record(backend, all).others()).isEmpty();
          assertThat(others(backend, 62)).isEqualTo(1);
          assertThat(backend.maintenance().compareRollups()).isEmpty();
        });
  }

  @Test
  void namesThatAreMetAgainAreNotCountedAsNew() throws SQLException {
    forgetfully(
        (backend, connections) -> {
          for (int user = 0; user < 10; user++) {
            others(backend, user);
          }
          long before = connections.statements.get();
          others(backend, 0);
          long ofOne = connections.statements.get() - before;
          before = connections.statements.get();
          for (int again = 1; again <= 600; again++) {
            others(backend, again % 10);
          }

          assertThat(connections.statements.get() - before).isEqualTo(600 * ofOne);
        });
  }
}
