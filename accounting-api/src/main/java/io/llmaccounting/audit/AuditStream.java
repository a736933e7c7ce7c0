package io.llmaccounting.audit;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a stream stands.
 *
 * @param stream the stream
 * @param first the lowest sequence that is there
 * @param last the highest sequence that is there
 * @param lastHash the hash stored there
 * @param key the name of the key that was sealed with there, or null
 * @param latest the latest instant of its entries
 * @param removable the highest sequence up to which every entry is older than the instant asked
 *     for, or null where the first is not
 * @param removableHash the hash stored there, or null
 */
public record AuditStream(
    UUID stream,
    long first,
    long last,
    String lastHash,
    @Nullable String key,
    Instant latest,
    @Nullable Long removable,
    @Nullable String removableHash) {

  /** Checks that a removable part has a hash. */
  public AuditStream {
    Objects.requireNonNull(stream, "stream is required, was null");
    Objects.requireNonNull(lastHash, "lastHash is required, was null");
    Objects.requireNonNull(latest, "latest is required, was null");
    if ((removable == null) != (removableHash == null)) {
      throw new IllegalArgumentException(
          "removable and removableHash must come together, were %s and %s"
              .formatted(removable, removableHash));
    }
  }
}
