package io.llmaccounting.internal.audit;

import io.llmaccounting.AuditHead;
import io.llmaccounting.AuditVerification;
import io.llmaccounting.AuditVerification.Damage;
import io.llmaccounting.AuditVerification.Kind;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.internal.audit.Checkpoints.Base;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private long streams;
  private long sealed;
  private long keyless;
  private @Nullable StreamCheck stream;
  private @Nullable UUID streamId;

  private record RelyingStream(Base base, boolean keyed, long sequence) {}

  private ChainCheck(AuditLog log, SealKeys keys, List<AuditHead.End> head) {
    this.log = log;
    this.keys = keys;
    this.checkpoints = Checkpoints.of(log);
    this.head = new HeadCheck(head);
  }

  /** Verifies {@code log} against a head, which may be empty. */
  public static AuditVerification run(AuditLog log, SealKeys keys, List<AuditHead.End> head) {
    ChainCheck check = new ChainCheck(log, keys, head);
    AuditVerification found = check.run();
    // Retention may have removed what was about to be looked at; it says so before it does.
    for (int attempt = 1; attempt < MOST_ATTEMPTS && !found.isIntact(); attempt++) {
      ChainCheck again = new ChainCheck(log, keys, head);
      if (again.checkpoints.sameAs(check.checkpoints)) {
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
    List<Damage> all = new ArrayList<>(damages.values());
    long retained = head.settle(checkpoints, keys.haveCurrent() ? provenByKey : proven, all);
    return new AuditVerification(
        streams, sealed, keyless, log.unsealed(), head.since(), retained, all);
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
    if (current.next(found)
        && stored != null
        && stored.entry().type().equals(AuditEntry.CHECKPOINT)) {
      Instant before = checkpoints.removedBefore().getOrDefault(stored.entry().id(), Instant.EPOCH);
      proven.put(stored.entry().id(), before);
      if (hasKey) {
        provenByKey.put(stored.entry().id(), before);
      }
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
