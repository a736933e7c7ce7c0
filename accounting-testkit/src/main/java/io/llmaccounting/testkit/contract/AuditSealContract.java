package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Seals are stored beside their entries, streams are walked in order, and the oldest may leave. */
public abstract class AuditSealContract extends BackendContract {
  private static final Instant START = ManualClock.START;
  private static final UUID FIRST = newId(START);
  private static final UUID SECOND = newId(START.plusSeconds(1));

  @Test
  final void entriesAndSealsComeBackToTheBit() {
    SealedEntry plain = sealed(START, FIRST, 1, null);
    SealedEntry keyed = sealed(START, SECOND, Long.MAX_VALUE, "key of 2026");
    SealedEntry unsealed = SealedEntry.unsealed(entry(START));

    log().append(List.of(plain, keyed, unsealed));

    AuditLog reopened = reopen().audit();
    for (SealedEntry one : List.of(plain, keyed, unsealed)) {
      assertThat(reopened.entry(one.entry().id())).contains(one);
    }
    assertThat(reopened.entry(newId(START))).isEmpty();
    assertThat(reopened.unsealed()).isEqualTo(1);
    assertThat(reopened.find(AuditQuery.latest(9))).hasSize(3);
  }

  @Test
  final void theSameEntryUnderTheSameSealChangesNothing() {
    SealedEntry entry = sealed(START, FIRST, 1, null);
    log().append(List.of(entry));

    log().append(List.of(entry, sealed(START, FIRST, 2, null)));

    assertThat(walk(AuditScan.byStream(10))).hasSize(2);
  }

  @Test
  final void theSameEntryUnderAnotherSealIsRefusedWithItsWholeBatch() {
    SealedEntry entry = sealed(START, FIRST, 1, null);
    log().append(List.of(entry));

    for (SealedEntry other :
        List.of(
            SealedEntry.unsealed(entry.entry()),
            new SealedEntry(entry.entry(), seal(FIRST, 2, null)))) {
      assertThatThrownBy(() -> log().append(List.of(sealed(START, FIRST, 3, null), other)))
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.REJECTED));
    }

    assertThat(walk(AuditScan.byStream(10))).containsExactly(entry);
  }

  @Test
  final void aScanByIdReadsEveryEntryOnce() {
    List<SealedEntry> entries = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      entries.add(SealedEntry.unsealed(entry(START.plusMillis(i / 3))));
      entries.add(sealed(START.plusMillis(i / 3), FIRST, i + 1, null));
    }
    append(entries);

    entries.sort(Comparator.comparing(one -> one.entry().id()));
    assertThat(walk(AuditScan.byId(3))).isEqualTo(entries);
    assertThat(walk(AuditScan.byId(20))).isEqualTo(entries);
  }

  /** Also where two entries claim one place. */
  @Test
  final void aScanByStreamReadsSealedEntriesInTheOrderOfTheirStreams() {
    List<SealedEntry> entries = new ArrayList<>();
    for (UUID stream : List.of(FIRST, SECOND)) {
      for (int i = 1; i <= 12; i++) {
        entries.add(sealed(START.minusSeconds(i), stream, i == 12 ? 11 : i, null));
      }
    }
    entries.sort(
        Comparator.comparing(AuditSealContract::place).thenComparing(one -> one.entry().id()));
    List<SealedEntry> all = new ArrayList<>(entries);
    all.add(SealedEntry.unsealed(entry(START)));
    append(all);

    assertThat(walk(AuditScan.byStream(5))).isEqualTo(entries);
  }

  @Test
  final void aStreamSaysHowFarItGoesAndWhatIsOld() {
    append(
        List.of(
            sealed(START, FIRST, 5, null),
            sealed(START.plusSeconds(1), FIRST, 6, null),
            sealed(START.plusSeconds(9), FIRST, 7, null),
            // Older again: it leaves only when what is before it does.
            sealed(START.plusSeconds(2), FIRST, 8, "k"),
            sealed(START.plusSeconds(20), SECOND, 1, null),
            SealedEntry.unsealed(entry(START))));

    AuditStreams which = new AuditStreams(START.plusSeconds(5), null, 10);
    AuditStream first =
        new AuditStream(FIRST, 5, 8, hash(FIRST, 8), "k", START.plusSeconds(9), 6L, hash(FIRST, 6));
    AuditStream second =
        new AuditStream(SECOND, 1, 1, hash(SECOND, 1), null, START.plusSeconds(20), null, null);
    assertThat(log().streams(which)).containsExactly(first, second);
    assertThat(log().streams(new AuditStreams(START, null, 1)).get(0).removable()).isNull();
    assertThat(log().streams(which.after(first))).containsExactly(second);
    assertThat(log().streams(which.after(second))).isEmpty();
    assertThat(log().streams(new AuditStreams(START.plusSeconds(60), null, 1)))
        .singleElement()
        .satisfies(one -> assertThat(one.removable()).isEqualTo(8))
        .satisfies(one -> assertThat(one.removableHash()).isEqualTo(hash(FIRST, 8)));
  }

  @Test
  final void theBeginningOfAStreamLeavesInBatches() {
    List<SealedEntry> entries = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      entries.add(sealed(START, FIRST, i, null));
      entries.add(sealed(START, SECOND, i, null));
    }
    append(entries);

    assertThat(log().remove(new AuditRemoval.Sealed(FIRST, 5, 3))).isEqualTo(3);
    assertThat(log().streams(AuditStreams.all(1)).get(0).first()).isEqualTo(4);
    assertThat(log().remove(new AuditRemoval.Sealed(FIRST, 5, 3))).isEqualTo(2);
    assertThat(log().remove(new AuditRemoval.Sealed(FIRST, 5, 3))).isZero();

    assertThat(log().streams(AuditStreams.all(9)))
        .extracting(AuditStream::first)
        .containsExactly(6L, 1L);
  }

  @Test
  final void entriesWithoutASealLeaveByTheirInstant() {
    SealedEntry kept = SealedEntry.unsealed(entry(START.plusSeconds(3)));
    SealedEntry sealed = sealed(START, FIRST, 1, null);
    append(
        List.of(
            SealedEntry.unsealed(entry(START)),
            SealedEntry.unsealed(entry(START.plusSeconds(1))),
            SealedEntry.unsealed(entry(START.plusSeconds(2))),
            kept,
            sealed));

    assertThat(log().remove(new AuditRemoval.Unsealed(START.plusSeconds(3), 2))).isEqualTo(2);
    assertThat(log().unsealed()).isEqualTo(2);
    assertThat(log().remove(new AuditRemoval.Unsealed(START.plusSeconds(3), 2))).isEqualTo(1);

    assertThat(walk(AuditScan.byId(9))).containsExactly(sealed, kept);
  }

  private List<SealedEntry> walk(AuditScan scan) {
    List<SealedEntry> read = new ArrayList<>();
    for (List<ScannedEntry> page = log().scan(scan);
        !page.isEmpty();
        page = log().scan(scan.after(page.get(page.size() - 1)))) {
      page.forEach(one -> read.add(one.stored()));
    }
    return read;
  }

  private void append(List<SealedEntry> entries) {
    List<SealedEntry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, new Random(1));
    log().append(shuffled);
  }

  private static String place(SealedEntry one) {
    Seal seal = one.seal();
    return seal == null ? "" : "%s %20d".formatted(seal.stream(), seal.sequence());
  }

  private static SealedEntry sealed(Instant at, UUID stream, long sequence, @Nullable String key) {
    return new SealedEntry(entry(at), seal(stream, sequence, key));
  }

  private static Seal seal(UUID stream, long sequence, @Nullable String key) {
    return new Seal(stream, sequence, Seal.VERSION, key, hash(stream, sequence));
  }

  private static String hash(UUID stream, long sequence) {
    return "%048x%016x".formatted(stream.hashCode() & 0xFFFFFFFFL, sequence);
  }

  // Of several projects, so that a database that is spread by project spreads them.
  private static AuditEntry entry(Instant at) {
    UUID id = newId(at);
    Attribution who = Attribution.NONE.withProject("p" + Math.floorMod(id.hashCode(), 5));
    return new AuditEntry(
        id, at, "event", null, null, null, who, null, null, "text", null, Map.of(), Map.of());
  }

  private AuditLog log() {
    return backend().audit();
  }
}
