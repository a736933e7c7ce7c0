package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** faults C1: how often a pool is asked that has no connection. */
class PoolWaitTest {
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void oneRefusedConnectionIsEnoughToKnowThatNobodyIsThere() {
    SQLTransientConnectionException refused = timeoutAfter(PSQLState.CONNECTION_UNABLE_TO_CONNECT);

    assertThat(catchThrowable(() -> PoolWait.of(pool(refused)))).isSameAs(refused);

    assertThat(asked).hasValue(1);
  }

  @Test
  void aConnectionThatIsInUseOrUnderWayIsWaitedFor() {
    SQLTransientConnectionException busy = new SQLTransientConnectionException("none free");

    assertThat(catchThrowable(() -> PoolWait.of(pool(busy)))).isSameAs(busy);

    assertThat(asked).hasValue(12);
  }

  // as HikariCP says it: the last failure to connect, if there was one, is the cause
  private static SQLTransientConnectionException timeoutAfter(PSQLState state) {
    PSQLException refused = new PSQLException("refused", state);
    return new SQLTransientConnectionException(
        "none within 250 ms", refused.getSQLState(), refused);
  }

  private PoolWait.Source pool(SQLTransientConnectionException failure) {
    return () -> {
      asked.incrementAndGet();
      throw failure;
    };
  }
}
