package io.llmaccounting.providers;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one JSON object of an answer says about usage and identity. Confined to one thread. */
final class AnswerEvent {
  /** The top-level keys that tell shapes apart. */
  final Set<String> keys = new HashSet<>();

  /** Texts by their path; arrays leave no trace in a path. */
  final Map<String, String> words = new HashMap<>();

  /** Usage objects by their path. */
  final Map<String, UsageTree> usages = new HashMap<>();

  /** Counts of what is billed apart. */
  final Map<String, Long> counts = new HashMap<>();

  /** The answers to one question that have begun, and those that have ended. */
  final BitSet begunChoices = new BitSet();

  final BitSet endedChoices = new BitSet();

  /** Whether there was any text, or anything else that a model puts out. */
  boolean content;

  @Nullable String word(String path) {
    return words.get(path);
  }

  /** The first of these paths that has a text. */
  @Nullable String firstWord(String... paths) {
    for (String path : paths) {
      String word = words.get(path);
      if (word != null) {
        return word;
      }
    }
    return null;
  }

  /** The first of these paths that has usage. */
  @Nullable UsageTree firstUsage(String... paths) {
    for (String path : paths) {
      UsageTree usage = usages.get(path);
      if (usage != null) {
        return usage;
      }
    }
    return null;
  }

  /** Whether this is marked as a piece of a stream, so never a whole answer. */
  boolean isPiece() {
    return wordStarts("type", "message_", "message-", "content_block_", "content-", "response.")
        || wordIs("object", "chat.completion.chunk");
  }

  boolean wordIs(String path, String... any) {
    String word = words.get(path);
    return word != null && Set.of(any).contains(word);
  }

  boolean wordStarts(String path, String... any) {
    String word = words.get(path);
    if (word != null) {
      for (String start : any) {
        if (word.startsWith(start)) {
          return true;
        }
      }
    }
    return false;
  }
}
