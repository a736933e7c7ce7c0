package io.llmaccounting.server.owned;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path at which a provider keeps objects for its callers.
 *
 * @param collection what they are, in lower case, such as {@code files}
 * @param id which of them is meant; null where it is all of them, or a new one
 * @param rest what of the object is meant, behind its id; empty for the object itself
 */
public record ObjectPath(String collection, @Nullable String id, List<String> rest) {
  /** Collections of one segment, with the words behind them that are no ids. */
  private static final Map<String, Set<String>> ONE =
      Map.ofEntries(
          Map.entry("files", Set.of()),
          Map.entry("batches", Set.of()),
          Map.entry("responses", Set.of("input_tokens", "compact")),
          Map.entry("conversations", Set.of()),
          Map.entry("vector_stores", Set.of()),
          Map.entry("assistants", Set.of()),
          Map.entry("threads", Set.of("runs")),
          Map.entry("containers", Set.of()),
          Map.entry("uploads", Set.of()),
          Map.entry("evals", Set.of()),
          Map.entry("videos", Set.of()),
          Map.entry("skills", Set.of()),
          Map.entry("cachedcontents", Set.of()),
          Map.entry("tunedmodels", Set.of()),
          Map.entry("filesearchstores", Set.of()),
          Map.entry("interactions", Set.of()),
          Map.entry("batchpredictionjobs", Set.of()),
          Map.entry("tuningjobs", Set.of()),
          Map.entry("agents", Set.of()),
          Map.entry("libraries", Set.of()),
          Map.entry("datasets", Set.of()),
          Map.entry("embed-jobs", Set.of()));

  /** Collections of two segments. */
  private static final Set<String> TWO =
      Set.of("chat/completions", "fine_tuning/jobs", "batch/jobs");

  /** Copies the rest. */
  public ObjectPath {
    rest = List.copyOf(rest);
  }

  /** What a path means, which is written as providers document it; null where it is no object. */
  public static @Nullable ObjectPath of(String path) {
    List<String> all = Arrays.stream(path.split("/")).filter(one -> !one.isEmpty()).toList();
    for (int i = 0; i < all.size(); i++) {
      String one = all.get(i).toLowerCase(Locale.ROOT);
      String two = i + 1 < all.size() ? one + "/" + all.get(i + 1).toLowerCase(Locale.ROOT) : "";
      if (TWO.contains(two)) {
        return of(two, Set.of(), all.subList(i + 2, all.size()));
      }
      if (one.endsWith(":batchgeneratecontent") || one.endsWith(":asyncbatchembedcontent")) {
        return new ObjectPath("batches", null, List.of(one));
      }
      Set<String> words = ONE.get(one);
      if (words != null) {
        return of(one, words, all.subList(i + 1, all.size()));
      }
    }
    return null;
  }

  private static ObjectPath of(String collection, Set<String> words, List<String> behind) {
    if (behind.isEmpty() || words.contains(behind.get(0).toLowerCase(Locale.ROOT))) {
      return new ObjectPath(collection, null, behind);
    }
    String id = behind.get(0);
    int action = id.indexOf(':');
    return new ObjectPath(
        collection, action < 0 ? id : id.substring(0, action), behind.subList(1, behind.size()));
  }

  /** Whether it is the collection as a whole. */
  public boolean isList() {
    return id == null && rest.isEmpty();
  }
}
