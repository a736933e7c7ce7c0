package io.llmaccounting.cli.calls;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonLine;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.json.UsageLine.Tracked;
import io.llmaccounting.providers.PastAnswer;
import io.llmaccounting.providers.Shape;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Reads calls from lines of JSON, and from answers of providers. For one thread. */
final class CallReader {
  /** Fields that only answers of providers, their wrappers and exports of sums have. */
  private static final Set<String> OF_ANSWERS =
      Set.of(
          "usage",
          "usageMetadata",
          "choices",
          "candidates",
          "object",
          "content",
          "output",
          "message",
          "response",
          "meta",
          "metrics",
          "type",
          "result",
          "payload",
          "usage_metadata",
          "usage_info",
          "totalUsage",
          "tokenUsage",
          "token_usage",
          "llm_output",
          "llmOutput",
          "kwargs",
          "modelOutput",
          "final_result",
          "interaction",
          "body",
          "amazon-bedrock-invocationMetrics",
          "serverContent",
          "generation",
          "inputTextTokenCount",
          "embeddings",
          "embedding",
          "predictions",
          "outputs",
          "data",
          "has_more");

  private final CallOptions options;
  private final ZoneId zone;
  private final InstantSource clock;
  private final Function<Instant, UUID> ids;
  private final Map<String, ?> defaults;
  private final UsageReader answers;
  private final boolean keysFromAnswers;

  CallReader(
      FileOptions file,
      CallOptions options,
      ZoneId zone,
      InstantSource clock,
      Function<Instant, UUID> ids) {
    this.options = options;
    this.keysFromAnswers = file.keyFromAnswer;
    this.zone = zone;
    this.clock = clock;
    this.ids = ids;
    this.defaults = options.asFields();
    this.answers =
        options.provider == null
            ? UsageReader.create()
            : UsageReader.create().provider(options.provider);
  }

  /** True if an object with fields of these names may be a line of ours. */
  static boolean mayBeOurs(Set<String> names) {
    return Collections.disjoint(names, OF_ANSWERS);
  }

  /** Reads a line of ours. */
  Tracked read(JsonLine line) {
    JsonFields fields = line.fields();
    if (fields == null) {
      throw new IllegalArgumentException(line.problem());
    }
    return UsageLine.tracked(fields.orElse(defaults), clock.instant(), ids);
  }

  /** How answers of providers are read. */
  UsageReader answers() {
    return answers;
  }

  /**
   * Makes a call of an answer; its time is the one that an option gives, else that of the answer.
   */
  Tracked read(PastAnswer past) {
    ModelAnswer answer = past.read().answer();
    if (past.read().shape() == Shape.UNKNOWN) {
      throw new IllegalArgumentException("an answer of a provider must be read, was none");
    }
    String model = options.model != null ? options.model : answer.responseModel();
    if (model == null) {
      throw new IllegalArgumentException(
          "the answer does not name its model; give it with --model");
    }
    UsageBuilder call = new UsageBuilder(clock.instant(), ids);
    options.into(call, zone);
    Instant made = options.at == null ? past.read().createdAt() : null;
    if (made != null) {
      call.at(made);
    }
    if (keysFromAnswers && past.key() != null) {
      call.key(past.key());
    }
    Usage usage = call.model(model).answer(answer).build();
    return new Tracked(usage, made != null || options.at != null);
  }
}
