package io.llmaccounting.providers;

import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Session files of Codex and what {@code codex exec --json} prints. Both report totals of all that
 * a session has used so far, and repeat them: a call is what was added. Confined to one thread.
 */
final class CodexHistory {
  static final String TOTAL = "info.total_token_usage.";
  static final String LAST = "info.last_token_usage.";
  static final String USAGE = "usage.";

  static final String FORKED = "forked_from_id";
  static final String SPAWNED = "source.subagent.thread_spawn.parent_thread_id";

  private static final String INPUT = "input_tokens";
  private static final String CACHED = "cached_input_tokens";
  private static final String WRITTEN = "cache_write_input_tokens";
  private static final String OUTPUT = "output_tokens";
  private static final String REASONING = "reasoning_output_tokens";

  /** The counts that are read. */
  static final List<String> COUNTS = List.of(INPUT, CACHED, WRITTEN, OUTPUT, REASONING);

  private static final int MAX_SESSIONS = 10_000;

  /**
   * What a line of such a history gives: an answer or a reason why there is none.
   *
   * @param answer the answer, or null
   * @param reason why it says nothing, or null
   */
  record Taken(@Nullable ReadAnswer answer, @Nullable String reason) {}

  private record Counts(long input, long cached, long written, long output, long reasoning) {
    static @Nullable Counts of(HistoryMarks marks, String path) {
      if (marks.firstWord(path + INPUT, path + OUTPUT) == null) {
        return null;
      }
      return new Counts(
          count(marks, path + INPUT),
          count(marks, path + CACHED),
          count(marks, path + WRITTEN),
          count(marks, path + OUTPUT),
          count(marks, path + REASONING));
    }

    private static long count(HistoryMarks marks, String path) {
      String text = marks.word(path);
      Long count = text == null ? Long.valueOf(0) : WrittenNumber.count(text);
      if (count == null) {
        throw new IllegalArgumentException(
            "%s must be a whole number of tokens, was %.40s".formatted(path, text));
      }
      return count;
    }

    Counts since(Counts before) {
      return new Counts(
          input - before.input,
          cached - before.cached,
          written - before.written,
          output - before.output,
          reasoning - before.reasoning);
    }

    boolean isNegative() {
      return LongStream.of(input, cached, written, output, reasoning).anyMatch(count -> count < 0);
    }

    boolean isZero() {
      return input == 0 && output == 0;
    }

    TokenUsage tokens() {
      return TokenUsage.cacheIncluded()
          .input(input)
          .cacheRead(cached)
          .cacheWrite5m(written)
          .output(output)
          .reasoning(reasoning)
          .build();
    }
  }

  /** What a session has used, and in how many calls. */
  private record Progress(Counts total, int calls) {}

  private final Map<String, Progress> sessions = new LinkedHashMap<>();
  private final CodexFork fork = new CodexFork();
  private String session = "";
  private @Nullable String model;
  private @Nullable String provider;

  /**
   * Takes a line.
   *
   * @return null if it is of another kind
   * @throws IllegalArgumentException if its figures can not be true
   */
  @Nullable Taken take(HistoryMarks marks) {
    if (marks.hasObject("payload") || marks.hasObject("msg")) {
      return event(marks, marks.hasObject("payload") ? "payload." : "msg.");
    }
    String type = marks.word("type");
    if (type == null) {
      return null;
    }
    if (type.equals("thread.started")) {
      session = orEmpty(marks.word("thread_id"));
    }
    if (type.equals("turn.completed")) {
      Counts total = Counts.of(marks, USAGE);
      return total == null ? nothing() : called(total, null, null);
    }
    boolean known =
        type.startsWith("thread.") || type.startsWith("turn.") || type.startsWith("item.");
    return known ? nothing() : null;
  }

  private Taken event(HistoryMarks marks, String in) {
    String type = marks.word(in + "type");
    Instant at = WrittenTime.orNull(marks.word("timestamp"));
    boolean copy = fork.isCopy(at);
    if (marks.wordIs("type", "session_meta")) {
      named(marks, in, at);
    } else if ("session_configured".equals(type)) {
      session = orEmpty(marks.word(in + "session_id"));
    }
    String named = StorableName.orNull(marks.firstWord(in + "model", in + "info.model"));
    model = named == null ? model : named;
    if (!"token_count".equals(type)) {
      return nothing();
    }
    Counts total = Counts.of(marks, in + TOTAL);
    Counts last = Counts.of(marks, in + LAST);
    Progress before = sessions.get(session);
    if (copy && (total != null || last != null)) {
      if (total != null) {
        reached(new Progress(total, before == null ? 0 : before.calls));
      }
      return new Taken(null, CodexFork.COPIED);
    }
    if (total != null) {
      return called(total, last, at);
    }
    // without totals nothing tells a repetition from another call
    return last == null ? nothing() : handOn(last, before, null, at);
  }

  /** A session begins, unless it is the one that was copied from. */
  private void named(HistoryMarks marks, String in, @Nullable Instant at) {
    String id = orEmpty(marks.word(in + "id"));
    if (!id.equals(session) && fork.isAncestor(at)) {
      return;
    }
    session = id;
    provider = StorableName.orNull(marks.word(in + "model_provider"));
    fork.begins(marks.firstWord(in + FORKED, in + SPAWNED) != null, at);
  }

  private Taken called(Counts total, @Nullable Counts last, @Nullable Instant at) {
    Progress before = sessions.get(session);
    Counts added = added(before, total, last);
    if (added.isZero()) {
      return new Taken(null, "repeats the totals before it");
    }
    return handOn(added, before, total, at);
  }

  private Taken handOn(
      Counts added, @Nullable Progress before, @Nullable Counts total, @Nullable Instant at) {
    int calls = before == null ? 1 : before.calls + 1;
    ModelAnswer answer =
        ModelAnswer.builder()
            .provider(provider == null ? "openai" : provider)
            .responseModel(model)
            .responseId(session.isEmpty() ? null : StorableName.orNull(session + "/" + calls))
            .tokens(added.tokens())
            .build();
    Counts reached = total != null ? total : before == null ? added : before.total;
    reached(new Progress(reached, calls));
    fork.counted();
    return new Taken(new ReadAnswer(answer, Shape.OPENAI_RESPONSES, at), null);
  }

  private void reached(Progress progress) {
    sessions.put(session, progress);
    if (sessions.size() > MAX_SESSIONS) {
      sessions.remove(sessions.keySet().iterator().next());
    }
  }

  /** A session may have begun in another file, and its totals may begin anew. */
  private static Counts added(@Nullable Progress before, Counts total, @Nullable Counts last) {
    Counts since = before == null ? null : total.since(before.total);
    if (since != null && !since.isNegative()) {
      return since;
    }
    return last == null ? total : last;
  }

  private static Taken nothing() {
    return new Taken(null, HistoryReader.NO_USAGE);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
