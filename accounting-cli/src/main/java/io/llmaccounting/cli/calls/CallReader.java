package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.lines.JsonFields;
import io.llmaccounting.cli.lines.JsonLine;
import io.llmaccounting.cli.lines.UsageLine;
import io.llmaccounting.cli.lines.UsageLine.Tracked;
import io.llmaccounting.providers.ReadAnswer;
import io.llmaccounting.providers.Shape;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads calls from lines of JSON, and from answers of providers. For one thread. */
final class CallReader {
  /** Only answers of providers have these. */
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
          "metrics");

  private final CallOptions options;
  private final ZoneId zone;
  private final InstantSource clock;
  private final Function<Instant, UUID> ids;
  private final Map<String, ?> defaults;
  private final UsageReader answers;

  CallReader(CallOptions options, ZoneId zone, InstantSource clock, Function<Instant, UUID> ids) {
    this.options = options;
    this.zone = zone;
    this.clock = clock;
    this.ids = ids;
    this.defaults = options.asFields();
    this.answers =
        options.provider == null
            ? UsageReader.create()
            : UsageReader.create().provider(options.provider);
  }

  /** Reads a line; {@code text} gives it as it is, for answers of providers. */
  Tracked read(JsonLine line, Supplier<byte[]> text) {
    JsonFields fields = line.fields();
    if (fields == null || !Collections.disjoint(fields.names(), OF_ANSWERS)) {
      return answer(line, text.get());
    }
    return UsageLine.tracked(fields.orElse(defaults), clock.instant(), ids);
  }

  // An answer may nest deeper than lines of ours, which is why it is no line of ours.
  private Tracked answer(JsonLine line, byte[] text) {
    try {
      return tracked(answers.read(text));
    } catch (RuntimeException e) {
      throw line.problem() == null ? e : new IllegalArgumentException(line.problem(), e);
    }
  }

  /** Reads an answer that is not on one line, or that is an event stream. */
  Tracked readWhole(InputStream in) throws IOException {
    return tracked(answers.read(in));
  }

  private Tracked tracked(ReadAnswer read) {
    if (read.shape() == Shape.UNKNOWN) {
      throw new IllegalArgumentException(
          "a line must be an object with the fields of a call or an answer of a provider, was"
              + " neither");
    }
    ModelAnswer answer = read.answer();
    String model = options.model != null ? options.model : answer.responseModel();
    if (model == null) {
      throw new IllegalArgumentException(
          "the answer does not name its model; give it with --model");
    }
    UsageBuilder call = new UsageBuilder(clock.instant(), ids);
    options.into(call, zone);
    Usage usage = call.model(model).answer(answer).build();
    return new Tracked(usage, options.at != null);
  }
}
