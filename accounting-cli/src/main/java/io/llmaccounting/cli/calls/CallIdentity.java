package io.llmaccounting.cli.calls;

import io.llmaccounting.usage.UsageFields;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a call, and when it was made.
 *
 * @param id the record's own id
 * @param key the caller's name for it
 * @param at when it was made
 */
record CallIdentity(@Nullable UUID id, @Nullable String key, @Nullable Instant at) {
  private static final Pattern VERSION_7 =
      Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-.{12}");

  /** Tells ids of records from other names: an id carries its call's millisecond. */
  static CallIdentity of(@Nullable String id, @Nullable Instant at) {
    if (id == null) {
      return new CallIdentity(null, null, at);
    }
    UUID own = VERSION_7.matcher(id).matches() ? UUID.fromString(id) : null;
    boolean fits =
        own != null && (at == null || UsageId.timeOf(own).toEpochMilli() == at.toEpochMilli());
    return fits ? new CallIdentity(own, null, at) : new CallIdentity(null, id, at);
  }

  void into(UsageFields<?> call) {
    if (id != null) {
      call.id(id);
    }
    if (key != null) {
      call.key(key);
    }
    if (at != null) {
      call.at(at);
    }
  }
}
