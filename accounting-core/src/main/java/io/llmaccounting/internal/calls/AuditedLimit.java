package io.llmaccounting.internal.calls;

import io.llmaccounting.limit.FieldChange;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says in an audit entry how a limit was changed: the limit before and after, where they differ.
 */
public final class AuditedLimit {
  private AuditedLimit() {}

  /**
   * The attributes of the entry.
   *
   * @param before the limit as it was, null where there was none
   * @param after the limit as it is, null where there is none
   */
  public static Map<String, String> of(String name, @Nullable Limit before, @Nullable Limit after) {
    return before == null && after == null
        ? Map.of("limit", name, "change", "deleted")
        : of(new LimitChange(before, after));
  }

  /** The attributes of the entry. */
  public static Map<String, String> of(LimitChange change) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("limit", change.name());
    about.put("change", word(change.kind()));
    List<FieldChange> fields = change.fields();
    put(about, "old", fields, FieldChange::from);
    put(about, "new", fields, FieldChange::to);
    return about;
  }

  private static String word(LimitChange.Kind kind) {
    return switch (kind) {
      case CREATED -> "created";
      case CHANGED -> "changed";
      case REMOVED -> "deleted";
      case UNCHANGED -> "none";
    };
  }

  private static void put(
      Map<String, String> about,
      String key,
      List<FieldChange> fields,
      Function<FieldChange, @Nullable String> side) {
    String text =
        fields.stream()
            .filter(field -> Objects.nonNull(side.apply(field)))
            .map(field -> field.field() + "=" + side.apply(field))
            .collect(Collectors.joining("; "));
    if (!text.isEmpty()) {
      about.put(key, text);
    }
  }
}
