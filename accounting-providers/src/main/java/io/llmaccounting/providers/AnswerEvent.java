package io.llmaccounting.providers;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One JSON object of an answer: what it says about usage and identity. Confined to one thread. */
final class AnswerEvent {
  /** The keys that tell shapes apart. */
  final Set<String> keys = new HashSet<>();

  /** Usage objects by their path. */
  final Map<String, UsageTree> usages = new LinkedHashMap<>();

  /** Counts that stand at the top of the answer. */
  final UsageTree root = new UsageTree();

  /** Counts of what is billed apart. */
  final Map<String, Long> counts = new HashMap<>();

  /** The searches that were made, each once. */
  final Set<String> queries = new LinkedHashSet<>();

  /** The answers to one question that have begun, and those that have ended. */
  final BitSet begunChoices = new BitSet();

  final BitSet endedChoices = new BitSet();

  /** Whether there was any text, or anything else that a model puts out. */
  boolean content;

  /** Whether it tells of an error. */
  boolean error;

  /** The characters of what the model puts out as text; of a long text its first 4,096 bytes. */
  long characters;

  /**
   * The wrapper around the answer, for instance {@code response.body}; empty where there is none.
   */
  String wrapper = "";

  private final Map<String, String> places = new HashMap<>();
  private final Map<String, String> words = new HashMap<>();
  private final Map<String, String> outerWords = new HashMap<>();

  /** Notes a text by its path; arrays leave no trace in a path. */
  void word(String path, String text, boolean outer) {
    (outer ? outerWords : words).put(path, text);
  }

  /**
   * Notes a usage object; a second one under the same path is a repetition, or one of several
   * choices, and nothing says whether they share their input.
   */
  void usage(String path, UsageTree usage, String within) {
    UsageTree before = usages.put(path, usage);
    if (before != null && within.equals(places.get(path))) {
      usage.repeated();
    }
    places.put(path, within);
  }

  /** Notes that the answer begins only now: the fields read so far belong to its wrapper. */
  void wrappedIn(String name) {
    wrapper = name;
    words.forEach(outerWords::putIfAbsent);
    words.clear();
  }

  @Nullable String word(String path) {
    String word = words.get(path);
    return word == null ? outerWords.get(path) : word;
  }

  /** The first of these paths that has a text. */
  @Nullable String firstWord(List<String> paths) {
    for (String path : paths) {
      String word = word(path);
      if (word != null) {
        return word;
      }
    }
    return null;
  }

  /** The first of these paths that has usage that says anything, else that has any. */
  @Nullable UsageTree firstUsage(List<String> paths) {
    UsageTree first = null;
    for (String path : paths) {
      UsageTree usage = usages.get(path);
      if (usage != null && usage.saysAnything()) {
        return usage;
      }
      first = first == null ? usage : first;
    }
    return first;
  }

  @Nullable UsageTree usage() {
    return usages.get("usage");
  }

  /** Whether usage has any of these counts. */
  boolean usageHas(String... paths) {
    UsageTree usage = usage();
    if (usage != null) {
      for (String path : paths) {
        if (usage.has(path)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether there is any of these keys. */
  boolean hasKey(String... names) {
    for (String name : names) {
      if (keys.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this is marked as a piece of a stream, so never a whole answer. */
  boolean isPiece() {
    return wordStarts("type", "message_", "message-", "content_block_", "content-", "response.")
        || wordStarts("event_type", "interaction.", "step.", "content.")
        || wordIs("object", "chat.completion.chunk")
        || wordIs("done", "false")
        || wordIs("stop", "false");
  }

  /** Whether its text repeats what pieces before it have told. */
  boolean repeats() {
    String type = word("type");
    return type != null && type.startsWith("response.") && !type.endsWith(".delta");
  }

  /** Whether this calls itself a whole answer, of which a stream has none before its end. */
  boolean isWhole() {
    return wordIs("object", "chat.completion")
        || (wordIs("object", "response") && word("type") == null)
        || (wordIs("type", "message") && !usages.isEmpty());
  }

  boolean wordIs(String path, String... any) {
    String word = word(path);
    if (word != null) {
      for (String one : any) {
        if (word.equals(one)) {
          return true;
        }
      }
    }
    return false;
  }

  boolean wordStarts(String path, String... any) {
    String word = word(path);
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
