package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.server.rest.http.Problem;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands.
 *
 * @param id its id
 * @param kind what it does
 * @param word how far it is
 * @param startedAt when it was started
 * @param endedAt when it ended, or null
 * @param step what it does at the moment, or did last; null where it has no steps
 * @param result what came of it, or null
 * @param problem why it failed, or null
 */
public record JobState(
    UUID id,
    String kind,
    Word word,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String step,
    @Nullable JobResult result,
    @Nullable Problem problem) {
  /** How far a job is. */
  public enum Word {
    /** It is under way. */
    RUNNING,
    /** It is to stop, and will before its next step. */
    STOPPING,
    /** It has done all of it. */
    DONE,
    /** It was stopped before its end. */
    STOPPED,
    /** It failed. */
    FAILED
  }

  static JobState begun(UUID id, String kind, Instant at) {
    return new JobState(id, kind, Word.RUNNING, at, null, null, null, null);
  }

  JobState word(Word other) {
    return new JobState(id, kind, other, startedAt, endedAt, step, result, problem);
  }

  JobState step(String other) {
    return new JobState(id, kind, word, startedAt, endedAt, other, result, problem);
  }

  JobState ended(Instant at, Word how, @Nullable JobResult came, @Nullable Problem failed) {
    return new JobState(id, kind, how, startedAt, at, step, came, failed);
  }

  boolean hasEnded() {
    return endedAt != null;
  }
}
