package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.audit.AuditVerification.Damage;
import io.llmaccounting.audit.AuditVerification.Kind;
import io.llmaccounting.audit.ErasedContent;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.internal.audit.Checkpoints.Base;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One walk along all streams, in bounded memory. Confined to one thread. */
public final class ChainCheck {
  private static final int PAGE = 200;
  private static final int MOST_ATTEMPTS = 5;

  private final AuditLog log;
  private final SealKeys keys;
  private final Checkpoints checkpoints;
  private final HeadCheck head;
  private final Map<UUID, Damage> damages = new LinkedHashMap<>();
  private final Map<UUID, RelyingStream> relying = new LinkedHashMap<>();
  private final Map<UUID, Instant> proven = new HashMap<>();
  private final Map<UUID, Instant> provenByKey = new HashMap<>();
  private final Attestations attestations;
  private final Optional<UUID> lastErasure;
  private final Map<UUID, Erased> erasedBy = new LinkedHashMap<>();
  private final Map<UUID, Erased> erasedByKeyed = new LinkedHashMap<>();
  private final Set<UUID> provenErasures = new HashSet<>();
  private final Set<UUID> provenErasuresByKey = new HashSet<>();
  private long erased;
  private long streams;
  private long sealed;
  private long keyless;
  private @Nullable StreamCheck stream;
  private @Nullable UUID streamId;

  private record RelyingStream(Base base, boolean keyed, long sequence) {}

  /** The first entry that relies on an attestation. */
  private record Erased(UUID stream, long sequence, UUID entry, boolean keyed) {}

  private ChainCheck(AuditLog log, SealKeys keys, List<AuditHead.End> head) {
    this.log = log;
    this.keys = keys;
    this.checkpoints = Checkpoints.of(log);
    this.attestations = new Attestations(log);
    this.lastErasure =
        log.find(AuditQuery.latest(1).ofType(AuditEntry.ERASURE)).stream()
            .map(AuditEntry::id)
            .findFirst();
    this.head = new HeadCheck(head);
  }

  /** Verifies {@code log} against a head, which may be empty. */
  public static AuditVerification run(AuditLog log, SealKeys keys, List<AuditHead.End> head) {
    ChainCheck check = new ChainCheck(log, keys, head);
    AuditVerification found = check.run();
    // Retention may have removed what was about to be looked at, or an erasure may have changed it.
    // Both write down what they will do before they do it.
    for (int attempt = 1; attempt < MOST_ATTEMPTS && !found.isIntact(); attempt++) {
      ChainCheck again = new ChainCheck(log, keys, head);
      if (again.checkpoints.sameAs(check.checkpoints)
          && again.lastErasure.equals(check.lastErasure)) {
        return found;
      }
      check = again;
      found = check.run();
    }
    return found;
  }

  private AuditVerification run() {
    AuditScan scan = AuditScan.byStream(PAGE);
    for (List<ScannedEntry> page = log.scan(scan);
        !page.isEmpty();
        page = log.scan(scan.after(page.get(page.size() - 1)))) {
      page.forEach(this::next);
    }
    endStream();
    relying.forEach(this::requireTrust);
    erasedBy.forEach((by, first) -> requireErasure(by, first, provenErasures));
    erasedByKeyed.forEach((by, first) -> requireErasure(by, first, provenErasuresByKey));
    List<Damage> all = new ArrayList<>(damages.values());
    long retained = head.settle(checkpoints, keys.haveCurrent() ? provenByKey : proven, all);
    return new AuditVerification(
        streams, sealed, keyless, log.unsealed(), erased, head.since(), retained, all);
  }

  private void next(ScannedEntry found) {
    UUID id = Objects.requireNonNull(found.stream(), "a scan by stream has sealed entries only");
    StreamCheck current = stream;
    if (current == null || !id.equals(streamId)) {
      endStream();
      current = new StreamCheck(id, keys, checkpoints.base(id));
      stream = current;
      streamId = id;
      streams++;
    }
    sealed++;
    head.next(found, id);
    SealedEntry stored = found.stored();
    boolean hasKey = stored != null && stored.seal() != null && stored.seal().key() != null;
    keyless += stored != null && !hasKey ? 1 : 0;
    if (current.next(found) && stored != null) {
      if (stored.seal() != null && stored.seal().erased() != null) {
        erased++;
        requireAttested(current, found, stored);
      } else {
        remember(stored.entry(), hasKey);
      }
    }
  }

  private void remember(AuditEntry entry, boolean hasKey) {
    if (entry.type().equals(AuditEntry.CHECKPOINT)) {
      Instant before = checkpoints.removedBefore().getOrDefault(entry.id(), Instant.EPOCH);
      proven.put(entry.id(), before);
      if (hasKey) {
        provenByKey.put(entry.id(), before);
      }
    } else if (entry.type().equals(AuditEntry.ERASURE)) {
      provenErasures.add(entry.id());
      if (hasKey) {
        provenErasuresByKey.add(entry.id());
      }
    }
  }

  private void requireAttested(StreamCheck current, ScannedEntry found, SealedEntry stored) {
    Seal seal = stored.seal();
    ErasedContent content = seal == null ? null : seal.erased();
    if (seal == null || content == null) {
      return;
    }
    if (!attestations.attest(stored)) {
      current.notAttested(found);
      return;
    }
    boolean keyed = seal.key() != null;
    Erased first = new Erased(seal.stream(), seal.sequence(), found.id(), keyed);
    (keyed ? erasedByKeyed : erasedBy).putIfAbsent(content.attestedBy(), first);
  }

  private void requireErasure(UUID by, Erased first, Set<UUID> trusted) {
    if (!trusted.contains(by)) {
      damages.putIfAbsent(
          first.stream,
          new Damage(
              first.stream,
              first.sequence,
              first.entry,
              Kind.UNPROVEN,
              "stream %s, entry %d (%s): entry %s says what an erasure left of it, but is itself not proven%s"
                  .formatted(
                      first.stream,
                      first.sequence,
                      first.entry,
                      by,
                      first.keyed ? " by a key as the stream is" : "")));
    }
  }

  private void endStream() {
    StreamCheck ended = stream;
    UUID id = streamId;
    if (ended == null || id == null) {
      return;
    }
    Damage damage = ended.damage();
    if (damage != null) {
      damages.put(id, damage);
    }
    Base base = ended.reliedOn();
    if (base != null) {
      relying.put(id, new RelyingStream(base, ended.isKeyed(), base.sequence()));
    }
    stream = null;
  }

  private void requireTrust(UUID id, RelyingStream one) {
    boolean trusted = (one.keyed ? provenByKey : proven).containsKey(one.base.checkpoint());
    if (!trusted) {
      damages.putIfAbsent(
          id,
          new Damage(
              id,
              one.sequence,
              one.base.checkpoint(),
              Kind.UNPROVEN,
              "stream %s: checkpoint %s says that entries up to %d were removed, but is itself not proven%s"
                  .formatted(
                      id,
                      one.base.checkpoint(),
                      one.sequence,
                      one.keyed ? " by a key as the stream is" : "")));
    }
  }
}
