package io.llmaccounting.json;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.FormerDigest;
import java.io.IOException;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * A key of a caller as a line of the kind {@code key}, with the digests by which its secrets are
 * known: for whoever moves keys, not for whoever shows them.
 */
public final class AccessKeyLine {
  private static final String KIND = "key";

  private AccessKeyLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, AccessKey key) throws IOException {
    AccessTerms terms = key.terms();
    FormerDigest former = key.former();
    to.begin(KIND)
        .text("id", key.id())
        .text("name", terms.name())
        .text("project", terms.project())
        .text("user", terms.user())
        .map("tags", terms.tags())
        .texts("models", terms.models().stream().sorted().toList())
        .texts("providers", terms.providers().stream().sorted().toList())
        .texts("roles", terms.roles().stream().map(JsonWriter::word).toList())
        .time("expires_at", terms.expiresAt())
        .text("digest", key.digest())
        .text("former_digest", former == null ? null : former.digest())
        .time("former_valid_until", former == null ? null : former.validUntil())
        .text("hint", key.hint())
        .time("created_at", key.createdAt())
        .time("revoked_at", key.revokedAt())
        .time("last_used_at", key.lastUsedAt())
        .end();
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static AccessKey read(JsonFields line) {
    line.requireKind(KIND);
    AccessTerms terms =
        new AccessTerms(
            line.text("name"),
            line.optionalText("project"),
            line.optionalText("user"),
            line.texts("tags"),
            new HashSet<>(line.textList("models")),
            new HashSet<>(line.textList("providers")),
            line.words("roles", AccessRole.class),
            line.optionalInstant("expires_at"));
    AccessKey key =
        new AccessKey(
            line.id("id"),
            terms,
            line.text("digest"),
            former(line),
            line.text("hint"),
            line.instant("created_at"),
            line.optionalInstant("revoked_at"),
            line.optionalInstant("last_used_at"));
    line.requireNoOthers();
    return key;
  }

  private static @Nullable FormerDigest former(JsonFields line) {
    String digest = line.optionalText("former_digest");
    if (digest == null) {
      return null;
    }
    return new FormerDigest(digest, line.instant("former_valid_until"));
  }
}
