package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testing.Eventually;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.UsageQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** How long an application waits for a database, and for what. */
@Timeout(600)
class PatientOpeningTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Reach reach = new Reach();
  private final CountDownLatch back = new CountDownLatch(1);
  private final AtomicInteger opened = new AtomicInteger();

  /** Refuses, or has a connection, as a database does behind a pool. */
  private static final class Database extends AbstractDataSource {
    private final boolean refuses;

    Database(boolean refuses) {
      this.refuses = refuses;
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (refuses) {
        throw new SQLException("nobody listens", "08001");
      }
      return null;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }
  }

  private UsageBackend opensOnceItIsBack() {
    try {
      back.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    opened.incrementAndGet();
    return InMemoryBackend.create();
  }

  private PatientOpening opening(DataSource database, Duration silence) {
    DataSource seen = reach.through(database);
    return new PatientOpening(
        () -> {
          try (Connection unused = seen.getConnection()) {
            return opensOnceItIsBack();
          } catch (SQLException e) {
            return opensOnceItIsBack(); // as a pool, which tries on
          }
        },
        reach,
        silence);
  }

  @Test
  void doesNotWaitForOneThatRefusesAndHasItOnceItIsBack() {
    PatientOpening opening = opening(new Database(true), LONG);

    assertThatThrownBy(opening::open)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("nobody listens");
    assertThatThrownBy(opening::open).hasMessageContaining("nobody listens");

    back.countDown();
    Eventually.eventually("it is opened", () -> isOpen(opening));
    assertThat(opened).hasValue(1);
  }

  private static boolean isOpen(PatientOpening opening) {
    try (UsageBackend unused = opening.open()) {
      return true;
    } catch (BackendException e) {
      return false;
    }
  }

  @Test
  void doesNotWaitForOneThatIsSilent() {
    PatientOpening opening =
        new PatientOpening(this::opensOnceItIsBack, reach, Duration.ofMillis(1));

    assertThatThrownBy(opening::open).hasMessageContaining("has not answered");
  }

  @Test
  void waitsForOneThatHasConnectionsAndIsBusy() {
    PatientOpening opening = opening(new Database(false), Duration.ofMillis(1));
    Thread later =
        new Thread(
            () -> {
              Eventually.eventually("it is reached", reach::isReached);
              back.countDown();
            });
    later.start();

    Eventually.eventually("it is opened", () -> isOpen(opening));
  }

  @Test
  void closesWhatNobodyAskedForAnyMore() {
    InMemoryBackend late = InMemoryBackend.create();
    PatientOpening opening =
        new PatientOpening(
            () -> {
              opensOnceItIsBack();
              return late;
            },
            reach,
            Duration.ofMillis(1));
    assertThatThrownBy(opening::open).hasMessageContaining("has not answered");

    opening.close();
    back.countDown();

    Eventually.eventually("it is closed", () -> isClosed(late));
  }

  private static boolean isClosed(UsageBackend backend) {
    try {
      Object unused = backend.usage().latest(UsageQuery.latest(1));
      return false;
    } catch (BackendException e) {
      return true;
    }
  }
}
