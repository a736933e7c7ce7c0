package io.llmaccounting.server.rest.keys;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonWriter;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Keys and their terms as objects. */
final class KeyForm {
  private KeyForm() {}

  /** Writes the fields of a key, without its secret, into an object that is open. */
  static void write(JsonWriter to, AccessKey key) throws IOException {
    to.text("id", key.id());
    write(to, key.terms());
    to.text("hint", key.hint())
        .time("created_at", key.createdAt())
        .time("revoked_at", key.revokedAt())
        .time("last_used_at", key.lastUsedAt());
  }

  /** Writes the fields of terms. */
  static void write(JsonWriter to, AccessTerms terms) throws IOException {
    to.text("name", terms.name())
        .text("project", terms.project())
        .text("user", terms.user())
        .map("tags", terms.tags())
        .texts("models", terms.models())
        .texts("providers", terms.providers())
        .texts("roles", terms.roles().stream().map(JsonWriter::word).toList())
        .time("expires_at", terms.expiresAt());
  }

  /** Reads terms. */
  static AccessTerms read(JsonFields fields) {
    List<String> words = fields.textList("roles");
    Set<AccessRole> roles = EnumSet.noneOf(AccessRole.class);
    words.forEach(word -> roles.add(AccessRole.valueOf(word.toUpperCase(Locale.ROOT))));
    return new AccessTerms(
        fields.text("name"),
        fields.optionalText("project"),
        fields.optionalText("user"),
        fields.texts("tags"),
        new HashSet<>(fields.textList("models")),
        new HashSet<>(fields.textList("providers")),
        roles,
        fields.optionalInstant("expires_at"));
  }
}
