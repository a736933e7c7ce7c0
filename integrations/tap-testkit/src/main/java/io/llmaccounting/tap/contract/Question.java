package io.llmaccounting.tap.contract;

import java.time.Duration;

/**
 * What a client is to ask the model of its shape.
 *
 * @param text the user's text
 * @param maxTokens the bound of the answer
 * @param timeout how long the client waits for the answer to begin
 * @param retries how often it may repeat a request that was answered with status 429, by itself
 */
public record Question(String text, long maxTokens, Duration timeout, int retries) {
  /** Asks {@code text}, patiently, with a bound of 1,000 tokens and without retries. */
  public static Question of(String text) {
    return new Question(text, 1_000, Duration.ofSeconds(30), 0);
  }

  /** A copy with this bound. */
  public Question maxTokens(long tokens) {
    return new Question(text, tokens, timeout, retries);
  }

  /** A copy that waits no longer. */
  public Question timeout(Duration time) {
    return new Question(text, maxTokens, time, retries);
  }

  /** A copy with so many retries. */
  public Question retries(int times) {
    return new Question(text, maxTokens, timeout, times);
  }
}
