package io.llmaccounting.server.rest.jobs;

/** What a job does, on a thread of its own. */
@FunctionalInterface
public interface JobWork {
  /** Does it, and tells {@code job} before each step. */
  JobResult run(Job job) throws Exception;
}
