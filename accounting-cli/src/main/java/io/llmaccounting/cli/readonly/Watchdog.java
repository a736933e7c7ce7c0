package io.llmaccounting.cli.readonly;

import io.llmaccounting.json.DurationText;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait for an answer, whatever the engine does. Work that does not end goes on, on a
 * daemon thread, until the process ends; nothing that it still finds is handed over.
 */
final class Watchdog {
  /** Name of the threads that work. */
  static final String WORKER = "llm-accounting-select";

  // for an engine that ends by itself, which closes what it had open
  private static final Duration GRACE = Duration.ofMillis(200);

  private final Duration patience;

  Watchdog(Duration patience) {
    this.patience = patience;
  }

  /** Answers a question. */
  @FunctionalInterface
  interface Work {
    /** Hands rows to {@code reader}; false where some were left out. */
    boolean answer(RowReader reader) throws SQLException;
  }

  static SQLException late(Duration patience, @Nullable Exception cause) {
    return new SQLException(
        "it ran longer than " + DurationText.of(patience) + " and was stopped", cause);
  }

  boolean run(RowReader reader, Work work) throws SQLException {
    Gate gate = new Gate(reader);
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread worker = new Thread(() -> work(work, gate, answer), WORKER);
    worker.setDaemon(true);
    worker.start();
    try {
      return answer.get(patience.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      gate.close();
      throw late(patience, e);
    } catch (InterruptedException e) {
      gate.close();
      Thread.currentThread().interrupt();
      throw new SQLException("the wait for the answer was interrupted", e);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  // Whatever it ends with, the one who waits hears of it.
  private static void work(Work work, RowReader gate, CompletableFuture<Boolean> answer) {
    try {
      answer.complete(work.answer(gate));
    } catch (SQLException | RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  private static SQLException unwrapped(ExecutionException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof SQLException sql ? sql : new SQLException(cause);
  }

  /** Lets rows through until it is closed. */
  private static final class Gate implements RowReader {
    private final RowReader reader;
    private boolean closed;

    Gate(RowReader reader) {
      this.reader = reader;
    }

    @Override
    public synchronized void columns(List<String> names) {
      requireOpen();
      reader.columns(names);
    }

    @Override
    public synchronized void row(@Nullable Object[] values) {
      requireOpen();
      reader.row(values);
    }

    private void requireOpen() {
      if (closed) {
        throw new IllegalStateException("the answer came too late");
      }
    }

    synchronized void close() {
      closed = true;
    }
  }
}
