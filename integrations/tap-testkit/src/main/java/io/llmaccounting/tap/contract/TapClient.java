package io.llmaccounting.tap.contract;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How an application uses a client, metered or not: as its documentation shows it, and unaware of
 * the adapter. Used by many threads.
 */
public interface TapClient extends AutoCloseable {
  /** Asks and waits for the whole answer; returns what the application sees of it. */
  String ask(Question question) throws Exception;

  /**
   * Asks without waiting. Called on the thread whose context the call belongs to; cancelling the
   * future cancels the call.
   */
  CompletableFuture<String> askAsync(Question question);

  /** Asks for a stream, and returns once its answer has begun. */
  Stream stream(Question question) throws Exception;

  @Override
  default void close() throws Exception {}

  /** A streamed answer. Used by one thread. */
  interface Stream extends AutoCloseable {
    /** Waits for the next piece, as the client hands them out; null at the end. */
    @Nullable String next() throws Exception;

    /** Gives it up, as an application that wants no more. */
    @Override
    void close() throws Exception;
  }
}
