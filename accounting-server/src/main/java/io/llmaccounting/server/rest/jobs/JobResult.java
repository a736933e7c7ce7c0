package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.server.rest.http.Answer;

/**
 * What came of a job.
 *
 * @param finished false if it was stopped before its end
 * @param fields what it found or did
 */
public record JobResult(boolean finished, Answer.Fields fields) {}
