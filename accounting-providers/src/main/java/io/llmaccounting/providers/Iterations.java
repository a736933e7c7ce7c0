package io.llmaccounting.providers;

import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The inferences behind one message of Anthropic's. Those of the message itself are what the counts
 * at the top tell, so that an attempt which is not billed adds nothing; a compaction and an advisor
 * are billed beside them.
 */
final class Iterations {
  private record Kind(String name, @Nullable String model) {}

  private static final Set<String> AT_THE_TOP = Set.of("message", "fallback_message");
  private static final Map<String, String> BESIDE =
      Map.of("compaction", "compaction", "advisor_message", "advisor");

  private Iterations() {}

  /** The message with everything that was inferred beside it. */
  static TokenReading addTo(TokenReading message, UsageTree usage, AnswerFields fields) {
    boolean whole = message.whole();
    Map<Kind, TokenUsage> beside = new LinkedHashMap<>();
    for (UsageTree iteration : usage.objects("iterations")) {
      String type = iteration.word("type");
      String kind = type == null ? null : BESIDE.get(type);
      if (kind != null) {
        TokenReading reading = Convention.CACHE_BESIDE.read(UsageCounts.of(iteration, fields));
        Kind key = new Kind(kind, StorableName.orNull(iteration.word("model")));
        beside.merge(key, reading.tokens(), TokenUsage::plus);
        whole &= reading.whole();
      } else {
        whole &= type != null && AT_THE_TOP.contains(type);
      }
    }
    if (beside.isEmpty()) {
      return new TokenReading(message.tokens(), whole, message.exact());
    }
    if (beside.size() > CallPart.MOST) {
      throw new IllegalArgumentException("iterations must have at most 16 kinds and models");
    }
    List<CallPart> parts = new ArrayList<>();
    TokenUsage tokens = message.tokens();
    for (Map.Entry<Kind, TokenUsage> part : beside.entrySet()) {
      parts.add(CallPart.of(part.getKey().name(), part.getKey().model(), part.getValue()));
      tokens = tokens.plus(part.getValue());
    }
    return new TokenReading(tokens, whole, message.exact(), parts);
  }
}
