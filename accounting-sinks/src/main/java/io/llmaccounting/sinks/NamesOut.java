package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.usage.Attribution;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Takes the names of users and values of tags out of what a receiver says, because that is kept,
 * and an erasure would not find it there. Immutable.
 */
final class NamesOut {
  private static final int LONGEST = 500;

  private final List<String> names;

  NamesOut(List<OutboxItem> batch) {
    Set<String> found = new HashSet<>();
    for (OutboxItem item : batch) {
      Attribution who = item.record().usage().attribution();
      if (who.user() != null) {
        found.add(who.user());
      }
      if (who.session() != null) {
        found.add(who.session());
      }
      found.addAll(who.tags().values());
    }
    found.remove("");
    this.names = found.stream().sorted(Comparator.comparing(String::length).reversed()).toList();
  }

  String of(String text) {
    String clean = text;
    for (String name : names) {
      clean = clean.replace(name, "[name]");
    }
    return clean.length() > LONGEST ? clean.substring(0, LONGEST) + "…" : clean;
  }

  Map<UUID, String> of(Map<UUID, String> reasons) {
    Map<UUID, String> clean = new HashMap<>();
    reasons.forEach((id, reason) -> clean.put(id, of(reason)));
    return clean;
  }
}
