package io.llmaccounting.internal.access;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.FormerDigest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says in audit entries which key was concerned, and how it was changed. Users stand alone, so that
 * they can be erased; of tags there are the names only.
 */
public final class AuditedKey {
  private AuditedKey() {}

  /** Which key it was. */
  public static Map<String, String> of(AccessKey key) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("key", key.id().toString());
    about.put("name", key.name());
    put(about, "project", key.project());
    put(about, "user", key.user());
    return about;
  }

  /** Which key was issued, and with what terms. */
  public static Map<String, String> issued(AccessKey key) {
    Map<String, String> about = of(key);
    put(about, "new", text(fields(key.terms())));
    return about;
  }

  /** Which key has another secret, and until when the one before is good. */
  public static Map<String, String> rotated(AccessKey key) {
    Map<String, String> about = of(key);
    FormerDigest former = key.former();
    put(about, "former secret until", former == null ? null : former.validUntil());
    return about;
  }

  /** Which key was changed, and the terms that differ. */
  public static Map<String, String> changed(AccessKey before, AccessKey after) {
    Map<String, String> about = of(after);
    Map<String, String> from = fields(before.terms());
    Map<String, String> to = fields(after.terms());
    if (!Objects.equals(before.user(), after.user())) {
      put(about, "old user", before.user());
    }
    Map<String, String> old = new LinkedHashMap<>(from);
    old.entrySet().removeAll(to.entrySet());
    to.entrySet().removeAll(from.entrySet());
    put(about, "old", text(old));
    put(about, "new", text(to));
    return about;
  }

  private static Map<String, String> fields(AccessTerms terms) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("name", terms.name());
    put(fields, "project", terms.project());
    fields.put("roles", list(terms.roles()));
    fields.put("models", list(terms.models()));
    fields.put("providers", list(terms.providers()));
    fields.put("tags", list(new TreeSet<>(terms.tags().keySet())));
    put(fields, "expires", terms.expiresAt());
    return fields;
  }

  private static String list(Collection<?> members) {
    return members.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private static @Nullable String text(Map<String, String> fields) {
    String text =
        fields.entrySet().stream()
            .filter(field -> !field.getValue().isEmpty())
            .map(field -> field.getKey() + "=" + field.getValue())
            .collect(Collectors.joining("; "));
    return text.isEmpty() ? null : text;
  }

  private static void put(Map<String, String> about, String name, @Nullable Object value) {
    if (value != null) {
      about.put(name, value.toString());
    }
  }
}
