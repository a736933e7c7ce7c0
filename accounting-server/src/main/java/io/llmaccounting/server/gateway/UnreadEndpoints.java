package io.llmaccounting.server.gateway;

import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.RequestPathRules;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may ask at paths where no model is read: batches, assistants, fine-tuning and whatever else
 * passes unmetered.
 */
final class UnreadEndpoints {
  /** What asks nothing of a model. */
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

  private static final Pattern MODELLESS =
      Pattern.compile(
          "(/v\\d\\w*)?/(files|uploads|uploads/[^/]+/(parts|complete|cancel)|responses/[^/]+/cancel)");

  /** What a client gets there lets it ask the provider itself, past every limit. */
  private static final Pattern CREDENTIALS =
      Pattern.compile(
          ".*/(realtime/(client_secrets|sessions|transcription_sessions|calls)|auth_?tokens)(/.*)?");

  private UnreadEndpoints() {}

  /**
   * Lets a request pass at which no model is read.
   *
   * @throws RefusedException if the caller may not ask it
   */
  static void permit(Caller caller, String method, String path) {
    if (READING.contains(method.toUpperCase(Locale.ROOT))) {
      return;
    }
    boolean handsOut =
        RequestPathRules.spellings(path).stream()
            .anyMatch(one -> CREDENTIALS.matcher(one).matches());
    if (handsOut && caller.own() == null) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.FORBIDDEN,
              "%s gives a credential of the provider's away, whose calls would pass the gateway by"
                  .formatted(path)));
    }
    if (caller.confined() && !MODELLESS.matcher(path).matches()) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.MODEL_NOT_ALLOWED,
              "this key may call certain models only, and at %s no model can be read; use a key that may call all models"
                  .formatted(path)));
    }
  }
}
