package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects what an answer has said so far. Confined to one thread. */
final class AnswerState {
  private static final int MAX_QUERIES = 1_000;
  private static final long MAX_EXTRA = 1_000_000_000_000L;
  private static final Dialect METRICS = new BedrockInvokeDialect();

  private final BitSet begunChoices = new BitSet();
  private final BitSet endedChoices = new BitSet();
  private final Set<String> queries = new LinkedHashSet<>();
  private final Map<String, Long> extras = new TreeMap<>();
  private final AnswerWords words = new AnswerWords();
  private final boolean told;
  private final @Nullable String toldProvider;
  private @Nullable Dialect dialect;
  private Evidence evidence = Evidence.NONE;
  private @Nullable UsageTree usage;
  private @Nullable UsageTree metrics;
  private boolean content;
  private long characters;
  private boolean terminated;
  private boolean inPieces;
  private boolean whole;
  private boolean begun;
  private boolean done;
  private boolean several;
  private boolean failed;

  AnswerState(Shape shape, @Nullable String provider) {
    this.dialect = Dialects.of(shape);
    this.told = dialect != null;
    this.toldProvider = provider;
  }

  void take(AnswerEvent event) {
    Dialect surer = told ? null : Dialects.recognise(event, evidence);
    if (surer != null) {
      dialect = surer;
      evidence = surer.recognises(event);
    }
    content |= event.content;
    characters += event.repeats() ? 0 : event.characters;
    inPieces |= event.isPiece();
    several |= isAnother(event);
    failed |= event.error || event.wordIs("type", "error");
    whole |= event.isWhole();
    begun |= event.wordIs("type", "message_start", "response.created");
    begunChoices.or(event.begunChoices);
    endedChoices.or(event.endedChoices);
    event.counts.forEach(this::extra);
    event.queries.stream().limit(MAX_QUERIES - queries.size()).forEach(queries::add);
    UsageTree invocation = event.usages.get("amazon-bedrock-invocationMetrics");
    metrics = invocation == null ? metrics : invocation;
    if (dialect != null) {
      takeBy(dialect, event);
    }
  }

  /** Whether {@code event} begins another answer than what was read so far belongs to. */
  private boolean isAnother(AnswerEvent event) {
    String id = event.word("id");
    boolean otherId = id != null && !id.equals(words.get(Word.ID));
    boolean begins = event.wordIs("type", "message_start", "response.created");
    return (whole && event.isWhole())
        || (begun && begins)
        || (done && otherId && !event.begunChoices.isEmpty());
  }

  private void takeBy(Dialect by, AnswerEvent event) {
    AnswerFields fields = by.fields();
    UsageTree reported = event.firstUsage(fields.usages());
    if (reported == null && !fields.rootCounts().isEmpty() && !event.root.isEmpty()) {
      reported = event.root;
    }
    if (reported != null) {
      usage =
          usage == null
              ? reported
              : usage.followedBy(
                  reported, fields.inputKeys(), fields.outputKeys(), fields.totalKeys());
    }
    words.take(event, fields);
    if (isOfBatch(event, by.shape())) {
      words.inBatch();
    }
    by.take(event, reported, this);
  }

  /**
   * Lines of batch results wrap an answer and name its request, and OpenAI's batch has the usage of
   * all of them. What merely wraps an answer may be a log of calls at the full price.
   */
  private static boolean isOfBatch(AnswerEvent event, Shape shape) {
    if (event.wrapper.isEmpty()) {
      return event.wordIs("object", "batch");
    }
    boolean named = event.word("custom_id") != null || event.word("recordId") != null;
    boolean ofGoogle = event.word("processed_time") != null || event.word("key") != null;
    return named || (ofGoogle && shape == Shape.GEMINI);
  }

  /** The marker that ends a stream of chat completions. */
  void done() {
    done = true;
    if (dialect != null && dialect.shape() == Shape.OPENAI_CHAT) {
      terminated = true;
    }
  }

  AnswerWords words() {
    return words;
  }

  void provider(String name) {
    words.provider(name);
  }

  /** A count of what is billed apart; of several reports the largest holds. */
  void extra(String name, long count) {
    if (count > 0 && count <= MAX_EXTRA) {
      extras.merge(name, count, Math::max);
    }
  }

  void terminated(boolean seen) {
    terminated |= seen;
  }

  boolean terminated() {
    return terminated;
  }

  boolean failed() {
    return failed;
  }

  /** The characters of text so far. */
  long characters() {
    return characters;
  }

  /** Whether more than one answer was read, so that there are no figures of one. */
  boolean isOfSeveral() {
    return several;
  }

  /** Whether anything was marked as a piece of a stream. */
  boolean inPieces() {
    return inPieces;
  }

  boolean isProvider(String name) {
    return name.equals(toldProvider == null ? words.provider() : toldProvider);
  }

  /** Whether every choice that has begun has ended, and there is one. */
  boolean choicesEnded() {
    return !begunChoices.isEmpty() && begunChoices.equals(endedChoices);
  }

  Optional<TokenUsage> tokensSoFar() {
    return Optional.ofNullable(reading(counts())).map(TokenReading::tokens);
  }

  Shape shape() {
    return dialect == null ? Shape.UNKNOWN : dialect.shape();
  }

  ReadAnswer answer(boolean complete) {
    UsageCounts counts = counts();
    TokenReading reading = reading(counts);
    UsageTree source = usage();
    List<String> unread = counts == null ? List.of() : counts.unread();
    boolean understood = reading != null && reading.whole() && reading.exact() && unread.isEmpty();
    return words.answer(
        shape(),
        new AnswerWords.Figures(
            toldProvider,
            reading,
            complete,
            Map.copyOf(extras()),
            source == null ? null : ReportedCost.of(source),
            source == null || understood ? null : source.json(),
            unread));
  }

  private Map<String, Long> extras() {
    if (!queries.isEmpty()) {
      extra("web_search_queries", queries.size());
    }
    UsageTree source = usage();
    if (dialect != null && source != null) {
      declaredExtras(source, dialect.fields());
    }
    return extras;
  }

  private void declaredExtras(UsageTree source, AnswerFields fields) {
    fields
        .extras()
        .forEach(
            (name, paths) -> {
              for (UsagePath path : paths) {
                BigDecimal written = path.decimal(source);
                if (written != null && written.signum() > 0) {
                  // A part of a second is billed as one.
                  extra(name, written.setScale(0, RoundingMode.CEILING).longValue());
                }
              }
            });
  }

  /** Usage as the dialect found it; else what the cloud around the model measured. */
  private @Nullable UsageTree usage() {
    return usage == null ? metrics : usage;
  }

  private @Nullable UsageCounts counts() {
    UsageTree source = usage();
    if (dialect == null || source == null) {
      return null;
    }
    try {
      return UsageCounts.of(source, by(dialect).fields());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Dialect by(Dialect recognised) {
    return usage == null ? METRICS : recognised;
  }

  /** The tokens; null where none were reported, or where what was reported can not be true. */
  private @Nullable TokenReading reading(@Nullable UsageCounts counts) {
    UsageTree source = usage();
    // The figures of several answers are not those of one.
    if (dialect == null || source == null || counts == null || several) {
      return null;
    }
    try {
      TokenReading reading = by(dialect).tokens(source, counts, this);
      // Some clients and gateways fill in zeros where the provider reported nothing.
      boolean zeros = reading.tokens().total() == 0 && content;
      return zeros && extras().isEmpty() && ReportedCost.of(source) == null ? null : reading;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
