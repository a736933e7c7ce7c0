package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.ErasedContent;
import io.llmaccounting.audit.SealedEntry;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What entries of type {@link AuditEntry#ERASURE} say that other entries are now. Each is read when
 * the first entry names it, and a few are kept. Confined to one thread.
 */
final class Attestations {
  private static final int KEPT = 16;
  private static final int UUID_LENGTH = 36;

  private final AuditLog log;
  private final Map<UUID, Map<UUID, String>> read =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Map<UUID, String>> eldest) {
          return size() > KEPT;
        }
      };

  Attestations(AuditLog log) {
    this.log = log;
  }

  /** The lines of an attestation: ids and digests of entries as they are to be stored. */
  static String line(SealedEntry after) {
    return "%s %s\n".formatted(after.entry().id(), digestNow(after));
  }

  private static String digestNow(SealedEntry stored) {
    String salt = stored.seal() == null ? null : stored.seal().salt();
    return HexFormat.of().formatHex(EntryEncoding.digest(stored.entry(), salt));
  }

  /** True if the entry is what the attestation that its seal names says of it. */
  boolean attest(SealedEntry stored) {
    ErasedContent erased = stored.seal() == null ? null : stored.seal().erased();
    return erased != null
        && digestNow(stored).equals(says(erased.attestedBy()).get(stored.entry().id()));
  }

  private Map<UUID, String> says(UUID attestation) {
    Map<UUID, String> known = read.get(attestation);
    if (known == null) {
      Optional<SealedEntry> found = log.entry(attestation);
      known = found.map(Attestations::digests).orElseGet(Map::of);
      read.put(attestation, known);
    }
    return known;
  }

  // A line that we did not write says nothing. That its entry was altered is found by the entry's
  // seal.
  private static Map<UUID, String> digests(SealedEntry attestation) {
    Map<UUID, String> digests = new HashMap<>();
    @Nullable String text = attestation.entry().prompt();
    if (attestation.seal() == null
        || text == null
        || !attestation.entry().type().equals(AuditEntry.ERASURE)) {
      return digests;
    }
    for (String line : text.split("\n", -1)) {
      int blank = line.indexOf(' ');
      if (blank == UUID_LENGTH) {
        id(line.substring(0, blank)).ifPresent(id -> digests.put(id, line.substring(blank + 1)));
      }
    }
    return digests;
  }

  private static Optional<UUID> id(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
