package io.llmaccounting.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The bare group commit: one thread and one connection take what waits, write it in one
 * transaction, and let the callers go on once it is durable.
 */
final class PlainCommits<T> implements AutoCloseable {
  private static final int MOST = 1_024;

  private final LinkedBlockingQueue<Waiting<T>> line = new LinkedBlockingQueue<>();
  private final PlainConnection connection;
  private final Writer<T> writer;
  private final Thread thread = new Thread(this::serve, "plain-commits");
  private volatile boolean closed;

  private record Waiting<T>(T item, CompletableFuture<Boolean> durable) {}

  /** Writes some items inside a transaction. */
  @FunctionalInterface
  interface Writer<T> {
    void write(PlainConnection connection, List<T> items) throws SQLException;
  }

  PlainCommits(PlainConnection connection, Writer<T> writer) {
    this.connection = connection;
    this.writer = writer;
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns once {@code item} is durable. */
  void write(T item) {
    Waiting<T> waiting = new Waiting<>(item, new CompletableFuture<>());
    line.add(waiting);
    waiting.durable().join();
  }

  private void serve() {
    List<Waiting<T>> batch = new ArrayList<>();
    while (!closed) {
      batch.clear();
      try {
        batch.add(line.take());
        line.drainTo(batch, MOST - 1);
        connection.begin();
        writer.write(connection, batch.stream().map(Waiting::item).toList());
        connection.commit();
        batch.forEach(waiting -> waiting.durable().complete(true));
      } catch (InterruptedException e) {
        return;
      } catch (SQLException | RuntimeException e) {
        batch.forEach(waiting -> waiting.durable().completeExceptionally(e));
      }
    }
  }

  @Override
  public void close() throws SQLException {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
