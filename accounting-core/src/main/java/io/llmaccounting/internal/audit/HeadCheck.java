package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditVerification.Damage;
import io.llmaccounting.audit.AuditVerification.Kind;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.internal.audit.Checkpoints.Base;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Looks for the ends that a head names. Confined to one thread. */
final class HeadCheck {
  private final Map<UUID, AuditHead.End> open = new HashMap<>();
  private final Map<UUID, Long> ends = new HashMap<>();
  private long since;

  HeadCheck(List<AuditHead.End> head) {
    for (AuditHead.End end : head) {
      open.put(end.stream(), end);
      ends.put(end.stream(), end.sequence());
    }
  }

  void next(ScannedEntry found, UUID stream) {
    long end = ends.getOrDefault(stream, 0L);
    if (found.sequence() > end) {
      since++;
    } else if (found.sequence() == end) {
      SealedEntry stored = found.stored();
      Seal seal = stored == null ? null : stored.seal();
      AuditHead.End named = open.get(stream);
      if (seal != null && named != null && seal.hash().equals(named.hash())) {
        open.remove(stream);
      }
    }
  }

  /** How many entries came after the head. */
  long since() {
    return since;
  }

  /**
   * Counts the ends that retention has removed; ends that are gone for another reason are added to
   * {@code damages}.
   */
  long settle(Checkpoints checkpoints, Map<UUID, Instant> trusted, List<Damage> damages) {
    Instant removed = trusted.values().stream().max(Instant::compareTo).orElse(Instant.MIN);
    List<AuditHead.End> missing = new ArrayList<>(open.values());
    long retained = 0;
    for (AuditHead.End end : missing) {
      Base base = checkpoints.base(end.stream());
      boolean named =
          base != null
              && trusted.containsKey(base.checkpoint())
              && (base.sequence() > end.sequence()
                  || (base.sequence() == end.sequence() && base.hash().equals(end.hash())));
      if (named || (base == null && end.latest().isBefore(removed))) {
        retained++;
      } else {
        damages.add(
            new Damage(
                end.stream(),
                end.sequence(),
                null,
                Kind.CUT_OFF,
                "stream %s, entry %d: the head says that it was there with hash %s; it was cut off or made anew"
                    .formatted(end.stream(), end.sequence(), end.hash())));
      }
    }
    return retained;
  }
}
