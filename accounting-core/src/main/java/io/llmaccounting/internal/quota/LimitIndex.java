package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the limits that watch a call without looking at those that name somebody else. Immutable.
 */
public final class LimitIndex {
  private static final List<Dimension.Kind> MOST_TELLING_FIRST =
      List.of(
          Dimension.Kind.SESSION,
          Dimension.Kind.USER,
          Dimension.Kind.TAG,
          Dimension.Kind.CALLER,
          Dimension.Kind.PROJECT,
          Dimension.Kind.MODEL,
          Dimension.Kind.PROVIDER);

  private final long revision;
  private final Map<Long, StoredLimit> byId = new HashMap<>();
  private final Map<Dimension, Map<String, List<StoredLimit>>> byValue = new HashMap<>();
  private final List<StoredLimit> others = new ArrayList<>();
  private final boolean exemptions;

  /** Indexes {@code set}. */
  public LimitIndex(AllLimits set) {
    this.revision = set.revision();
    this.exemptions = set.limits().stream().anyMatch(stored -> stored.limit().isExemption());
    for (StoredLimit stored : set.limits()) {
      byId.put(stored.id(), stored);
      Map.Entry<Dimension, Match> anchor = anchor(stored.limit());
      if (anchor == null || anchor.getValue().value() == null) {
        others.add(stored);
      } else {
        byValue
            .computeIfAbsent(anchor.getKey(), dimension -> new HashMap<>())
            .computeIfAbsent(anchor.getValue().value(), value -> new ArrayList<>())
            .add(stored);
      }
    }
  }

  private static Map.@Nullable Entry<Dimension, Match> anchor(Limit limit) {
    Map.Entry<Dimension, Match> best = null;
    for (Map.Entry<Dimension, Match> entry : limit.who().entrySet()) {
      if (entry.getValue().kind() == Match.Kind.IS
          && (best == null || rank(entry.getKey()) < rank(best.getKey()))) {
        best = entry;
      }
    }
    return best;
  }

  private static int rank(Dimension dimension) {
    return MOST_TELLING_FIRST.indexOf(dimension.kind());
  }

  /** The revision of the limits indexed. */
  public long revision() {
    return revision;
  }

  /** All limits, in no order. */
  public Iterable<StoredLimit> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** The limit with this number, or null. */
  public @Nullable StoredLimit byId(long id) {
    return byId.get(id);
  }

  /** The limits that watch such a call and that no exemption lifts, each with its counter. */
  public List<Watch> watching(String model, @Nullable String provider, Attribution attribution) {
    List<StoredLimit> found = candidates(model, provider, attribution);
    if (found.isEmpty()) {
      return List.of();
    }
    List<Watch> watching = new ArrayList<>(found.size());
    for (StoredLimit stored : found) {
      Limit limit = stored.limit();
      if (!limit.isExemption() && !(exemptions && isLifted(limit, found))) {
        String subject = Subjects.of(limit, model, provider, attribution);
        watching.add(new Watch(limit, new CounterKey(stored.id(), subject)));
      }
    }
    return watching;
  }

  /** The limits that watch such a call, lifted ones and exemptions included. */
  List<StoredLimit> candidates(String model, @Nullable String provider, Attribution attribution) {
    List<StoredLimit> found = new ArrayList<>();
    addWatching(found, others, model, provider, attribution);
    byValue.forEach(
        (dimension, limits) -> {
          String value = dimension.of(model, provider, attribution);
          List<StoredLimit> named = value == null ? null : limits.get(value);
          if (named != null) {
            addWatching(found, named, model, provider, attribution);
          }
        });
    return found;
  }

  private static void addWatching(
      List<StoredLimit> found,
      List<StoredLimit> limits,
      String model,
      @Nullable String provider,
      Attribution attribution) {
    for (StoredLimit stored : limits) {
      if (stored.limit().watches(model, provider, attribution)) {
        found.add(stored);
      }
    }
  }

  private static boolean isLifted(Limit limit, List<StoredLimit> found) {
    for (StoredLimit other : found) {
      if (other.limit().lifts(limit)) {
        return true;
      }
    }
    return false;
  }
}
