package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditVerification.Damage;
import io.llmaccounting.audit.AuditVerification.Kind;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.internal.audit.Checkpoints.Base;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Walks along one stream and remembers the first bad place. It goes on after it, from the hash that
 * stands there, because what follows may be a checkpoint. Confined to one thread.
 */
final class StreamCheck {
  private final UUID stream;
  private final SealKeys keys;
  private final @Nullable Base base;
  private long expected;
  private String previous;
  private boolean keyed;
  private boolean beganAtBase;
  private @Nullable Damage damage;

  StreamCheck(UUID stream, SealKeys keys, @Nullable Base base) {
    this.stream = stream;
    this.keys = keys;
    this.base = base;
    this.expected = base == null ? 1 : base.sequence() + 1;
    this.previous = base == null ? Seal.NO_HASH : base.hash();
  }

  /** Looks at the next place; true if what stands there is proven. */
  boolean next(ScannedEntry found) {
    SealedEntry stored = found.stored();
    Seal seal = stored == null ? null : stored.seal();
    keyed |= seal != null && seal.key() != null;
    if (base != null && found.sequence() <= base.sequence()) {
      return removed(found, seal);
    }
    beganAtBase |= base != null && expected == base.sequence() + 1;
    long wanted = expected;
    String before = previous;
    expected = found.sequence() == Long.MAX_VALUE ? found.sequence() : found.sequence() + 1;
    previous = seal == null ? before : seal.hash();
    if (found.sequence() < wanted) {
      expected = wanted;
      previous = before;
      return found.damage() == null
          ? bad(found, Kind.INSERTED, "a second entry stands at this place")
          : bad(found, Kind.UNREADABLE, "what stands there is no entry: " + found.damage());
    }
    if (found.sequence() > wanted) {
      return bad(
          found,
          Kind.MISSING,
          wanted == found.sequence() - 1
              ? "entry %d before it is gone".formatted(wanted)
              : "entries %d to %d before it are gone".formatted(wanted, found.sequence() - 1));
    }
    return proven(found, before);
  }

  // Entries that a checkpoint has released may still be there if their removal broke off.
  private boolean removed(ScannedEntry found, @Nullable Seal seal) {
    beganAtBase = true;
    boolean isLast = base != null && found.sequence() == base.sequence();
    if (isLast && seal != null && !seal.hash().equals(previous)) {
      return bad(found, Kind.ALTERED, "it is not the entry that the checkpoint names");
    }
    return false;
  }

  private boolean proven(ScannedEntry found, String before) {
    SealedEntry stored = found.stored();
    Seal seal = stored == null ? null : stored.seal();
    if (stored == null || seal == null) {
      return bad(found, Kind.UNREADABLE, "what stands there is no entry: " + found.damage());
    }
    if (!keys.know(seal.key())) {
      return bad(
          found,
          Kind.UNKNOWN_KEY,
          "it was sealed with the key \"%s\", which was not given".formatted(seal.key()));
    }
    if (!keys.match(stored.entry(), seal, before)) {
      return bad(
          found,
          Kind.ALTERED,
          "it is not what was sealed here: altered, moved, or put here by somebody else");
    }
    return true;
  }

  /**
   * Notes that what was sealed here is proven, but that the entry here now is not the one that an
   * erasure left.
   */
  void notAttested(ScannedEntry found) {
    bad(
        found,
        Kind.ALTERED,
        "data was erased from it, but it is not what the entry about that erasure says");
  }

  private boolean bad(ScannedEntry found, Kind kind, String what) {
    if (damage == null) {
      damage =
          new Damage(
              stream,
              found.sequence(),
              found.id(),
              kind,
              "stream %s, entry %d (%s): %s".formatted(stream, found.sequence(), found.id(), what));
    }
    return false;
  }

  /** The checkpoint that this stream relies on, or null where it begins at its first entry. */
  @Nullable Base reliedOn() {
    return beganAtBase ? base : null;
  }

  /** True if some entry was sealed with a key. */
  boolean isKeyed() {
    return keyed;
  }

  @Nullable Damage damage() {
    return damage;
  }

  /** The place after the last that was looked at. */
  long expected() {
    return expected;
  }
}
