package io.llmaccounting.tap;

import java.util.Set;

/**
 * The requests that went out for one call, and whether all of them were refused. Confined to one
 * thread at a time.
 */
final class Attempts {
  // 400 is not among them: Azure bills prompts that its filter refuses. Neither are 408, 499 and
  // those from 500 on that a gateway may answer for a provider that worked.
  private static final Set<Integer> REFUSALS =
      Set.of(401, 402, 403, 404, 405, 411, 413, 415, 429, 529);

  private int asked;
  private int answered;
  private int refused;

  /** A request goes out. */
  void asked() {
    asked++;
  }

  /** One was answered. */
  void answered(int status) {
    answered++;
    refused += REFUSALS.contains(status) ? 1 : 0;
  }

  /**
   * Whether each was answered, by a status with which providers refuse what they have not begun to
   * work on, so that none of them consumed anything.
   */
  boolean areAllRefused() {
    return answered > 0 && refused == answered && asked <= answered;
  }
}
