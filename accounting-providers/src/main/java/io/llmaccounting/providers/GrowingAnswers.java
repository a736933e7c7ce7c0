package io.llmaccounting.providers;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Messages of a transcript, of which each line repeats the figures as they stood: the best of them
 * counts, made when the first was written. Confined to one thread.
 */
final class GrowingAnswers {
  private final HistoryListener listener;
  private final Map<String, PastAnswer> growing = new LinkedHashMap<>();

  GrowingAnswers(HistoryListener listener) {
    this.listener = listener;
  }

  /** A line of a message that has an id. */
  void take(String id, PastAnswer line) {
    PastAnswer before = growing.get(id);
    if (before != null) {
      listener.repeated(line.line());
    }
    growing.put(id, before == null ? line : better(before, line));
    if (growing.size() > HistoryReader.MAX_GROWING) {
      PastAnswer oldest = growing.remove(growing.keySet().iterator().next());
      if (oldest != null) {
        listener.answer(oldest);
      }
    }
  }

  /** Hands on the messages that are left. */
  void end() {
    growing.values().forEach(listener::answer);
    growing.clear();
  }

  private static PastAnswer better(PastAnswer before, PastAnswer line) {
    boolean poorer = quality(line) < quality(before);
    PastAnswer best = poorer ? before : line;
    ReadAnswer read = best.read();
    return new PastAnswer(
        best.line(),
        new ReadAnswer(read.answer(), read.shape(), before.read().createdAt()),
        best.key());
  }

  private static long quality(PastAnswer past) {
    ModelAnswer answer = past.read().answer();
    TokenUsage tokens = answer.tokens();
    if (tokens == null) {
      return -1;
    }
    return answer.source() == TokenSource.REPORTED
        ? Long.MAX_VALUE / 2 + tokens.total()
        : tokens.total();
  }

  /** Without a reason why the message stopped, what its line says is not the end of it. */
  static ReadAnswer unfinished(ReadAnswer read) {
    ModelAnswer answer = read.answer();
    TokenUsage tokens = answer.tokens();
    if (answer.finishReason() != null || tokens == null) {
      return read;
    }
    return new ReadAnswer(
        new ModelAnswer(
            answer.provider(),
            answer.responseModel(),
            answer.responseId(),
            tokens,
            TokenSource.PARTIAL,
            answer.extras(),
            answer.parts(),
            answer.reportedCost(),
            null,
            answer.serviceTier(),
            answer.speed(),
            answer.batch(),
            answer.region(),
            answer.rawUsage(),
            answer.unread()),
        read.shape(),
        read.createdAt());
  }
}
