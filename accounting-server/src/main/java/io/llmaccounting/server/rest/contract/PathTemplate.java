package io.llmaccounting.server.rest.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A path in which segments in braces stand for any. */
final class PathTemplate {
  private final String text;
  private final List<String> segments;

  PathTemplate(String text) {
    this.text = text;
    this.segments = List.of(text.split("/", -1));
  }

  /** The values that stand for the segments in braces, still encoded; empty where it is another. */
  Optional<Map<String, String>> match(String rawPath) {
    String[] parts = rawPath.split("/", -1);
    if (parts.length != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < parts.length; i++) {
      String segment = segments.get(i);
      if (segment.startsWith("{")) {
        values.put(segment.substring(1, segment.length() - 1), parts[i]);
      } else if (!segment.equals(parts[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  /** How many segments stand for any: of two that match, the one with fewer is meant. */
  int open() {
    return (int) segments.stream().filter(segment -> segment.startsWith("{")).count();
  }

  @Override
  public String toString() {
    return text;
  }
}
