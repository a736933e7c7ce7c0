package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.ErasableAuditLog;
import io.llmaccounting.audit.ErasedContent;
import io.llmaccounting.audit.ErasedEntry;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Plural;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Erases a person from the entries of an audit log. What an entry is from then on is written down
 * first, in a sealed entry, so that the log is proven at every instant, also if this breaks off.
 * Confined to one thread.
 */
public final class ErasedEntries {
  private static final int PAGE = 200;

  private final AuditLog log;
  private final EntryWriter writer;
  private final SealKeys keys;
  private final CallSettings settings;
  private final Attestations attestations;

  /** How many entries concern a person, and which seals they have. */
  public record Found(long entries, boolean sealed, boolean keyed) {}

  /** Erases from {@code log}, and attests by {@code writer}. */
  public ErasedEntries(AuditLog log, EntryWriter writer, SealKeys keys, CallSettings settings) {
    this.log = log;
    this.writer = writer;
    this.keys = keys;
    this.settings = settings;
    this.attestations = new Attestations(log);
  }

  /** Says whose name to erase, and whether texts are erased too. */
  public record What(NameChange change, boolean texts) {
    @Nullable AuditEntry of(AuditEntry entry) {
      if (entry.type().equals(AuditEntry.CHECKPOINT) || entry.type().equals(AuditEntry.ERASURE)) {
        return null;
      }
      Attribution who = change.attribution(entry.attribution());
      boolean isTheirs = texts && !who.equals(entry.attribution());
      Map<String, Long> marks = new TreeMap<>(entry.marks());
      AuditEntry erased =
          new AuditEntry(
              entry.id(),
              entry.at(),
              entry.type(),
              change.from().equals(entry.actor()) ? change.to() : entry.actor(),
              entry.outcome(),
              entry.model(),
              who,
              entry.usageId(),
              entry.responseId(),
              text("prompt", entry.prompt(), isTheirs, marks),
              text("response", entry.response(), isTheirs, marks),
              attributes(entry.attributes()),
              marks);
      return erased.equals(entry) ? null : erased;
    }

    private static @Nullable String text(
        String name, @Nullable String text, boolean erases, Map<String, Long> marks) {
      if (erases && text != null) {
        marks.put(name + ".erased", 1L);
        return null;
      }
      return text;
    }

    private Map<String, String> attributes(Map<String, String> attributes) {
      Map<String, String> erased = new TreeMap<>(attributes);
      erased.replaceAll(this::attribute);
      return erased;
    }

    private String attribute(String name, String value) {
      if (value.equals(change.from())) {
        return change.to();
      }
      return name.equals(DenialTrail.SUBJECT)
          ? change.subjects().apply(value)
          : change.texts().apply(value);
    }
  }

  /** Counts the entries that concern the person. */
  public Found find(What what) {
    long entries = 0;
    boolean sealed = false;
    boolean keyed = false;
    AuditScan scan = AuditScan.byId(PAGE);
    for (List<ScannedEntry> page = log.scan(scan);
        !page.isEmpty();
        page = log.scan(scan.after(page.get(page.size() - 1)))) {
      for (ScannedEntry one : page) {
        SealedEntry stored = one.stored();
        if (stored != null && what.of(stored.entry()) != null) {
          entries++;
          sealed |= stored.seal() != null;
          keyed |= stored.seal() != null && stored.seal().key() != null;
        }
      }
    }
    return new Found(entries, sealed, keyed);
  }

  /** Says why the entries found cannot be erased and stay proven; empty if they can. */
  public Optional<String> unable(Found found) {
    if (found.entries() > 0 && !(log instanceof ErasableAuditLog)) {
      return Optional.of(
          "the audit log has %s about the user, but must be an ErasableAuditLog to erase"
              .formatted(Plural.of(found.entries(), "entry")));
    }
    boolean able = (!found.sealed() || keys.areSealing()) && (!found.keyed() || keys.haveCurrent());
    return able
        ? Optional.empty()
        : Optional.of(
            "sealed audit entries are about the user, but what erases them must seal the entry that proves the rest%s"
                .formatted(found.keyed() ? ", with a key as they are" : ""));
  }

  /** Erases, and says how many entries were replaced. Stops after a page unless {@code goesOn}. */
  public long run(What what, BooleanSupplier goesOn) {
    long replaced = 0;
    AuditScan scan = AuditScan.byId(PAGE);
    for (List<ScannedEntry> page = log.scan(scan);
        !page.isEmpty() && goesOn.getAsBoolean();
        page = log.scan(scan.after(page.get(page.size() - 1)))) {
      replaced += erase(page, what);
    }
    return replaced;
  }

  private int erase(List<ScannedEntry> page, What what) {
    Instant now = settings.now();
    UUID attestation = settings.newId(now);
    List<ErasedEntry> erased = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (ScannedEntry one : page) {
      SealedEntry stored = one.stored();
      AuditEntry content = stored == null ? null : what.of(stored.entry());
      if (stored != null && content != null) {
        SealedEntry after = after(stored, content, attestation);
        erased.add(new ErasedEntry(stored, after));
        lines.append(after.seal() == null ? "" : Attestations.line(after));
      }
    }
    if (erased.isEmpty() || !(log instanceof ErasableAuditLog erasable)) {
      return 0;
    }
    if (!lines.isEmpty()) {
      writer.append(List.of(attestation(attestation, now, lines.toString())));
    }
    return erasable.replace(erased);
  }

  private SealedEntry after(SealedEntry stored, AuditEntry content, UUID attestation) {
    Seal seal = stored.seal();
    if (seal == null) {
      return SealedEntry.unsealed(content);
    }
    ErasedContent before = seal.erased();
    String digest = HexFormat.of().formatHex(SealKeys.sealedDigest(stored.entry(), seal));
    // An entry that somebody altered after an earlier erasure is still found out: it is not
    // attested anew.
    ErasedContent erased =
        before == null || attestations.attest(stored)
            ? new ErasedContent(digest, attestation)
            : before;
    return new SealedEntry(content, seal.erased(settings.newSalt(), erased));
  }

  private static AuditEntry attestation(UUID id, Instant now, String lines) {
    return new AuditEntry(
        id,
        now,
        AuditEntry.ERASURE,
        null,
        "data erased",
        null,
        Attribution.NONE,
        null,
        null,
        lines,
        null,
        Map.of(),
        Map.of());
  }
}
