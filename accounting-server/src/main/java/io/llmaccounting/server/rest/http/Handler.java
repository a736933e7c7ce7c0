package io.llmaccounting.server.rest.http;

import java.util.concurrent.CompletionStage;

/** Answers requests of one operation. Never blocks; safe for use by many threads. */
@FunctionalInterface
public interface Handler {
  /** The answer; the stage, or this itself, fails with what {@link Problems} makes problems of. */
  CompletionStage<Answer> answer(Asked asked);
}
