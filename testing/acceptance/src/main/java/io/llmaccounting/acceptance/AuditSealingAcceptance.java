package io.llmaccounting.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.audit.AuditVerification.Damage;
import io.llmaccounting.audit.AuditVerification.Kind;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Attribution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What somebody does to sealed entries behind the library's back is found, and named. */
public class AuditSealingAcceptance extends AcceptanceTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes();

  @Test
  final void whatNobodyTouchedIsIntact() {
    write(sealing(), 10);
    accounting().audit().event("unsealed").write();

    AuditVerification found = accounting().audit().verify();

    assertThat(found.damages()).isEmpty();
    assertThat(found.isIntact()).isTrue();
    assertThat(found)
        .extracting(
            AuditVerification::streams,
            AuditVerification::sealed,
            AuditVerification::keyless,
            AuditVerification::unsealed)
        .containsExactly(1L, 10L, 10L, 1L);
  }

  @Test
  final void anAlteredEntryIsNamed() {
    write(sealing(), 10);
    SealedEntry victim = at(4);

    meddling().alter(victim.entry().id(), "nothing to see here");

    assertBad(verify(), Kind.ALTERED, victim);
  }

  @Test
  final void aRemovedEntryIsNamedByTheOneAfterIt() {
    write(sealing(), 10);
    SealedEntry after = at(5);

    meddling().remove(at(4).entry().id());

    assertBad(verify(), Kind.MISSING, after);
    assertThat(verify().damages().get(0).message()).contains("entry 4 before it is gone");
  }

  @Test
  final void aRemovedBeginningIsNoticed() {
    write(sealing(), 4);
    SealedEntry after = at(3);

    meddling().remove(at(1).entry().id());
    meddling().remove(at(2).entry().id());

    assertBad(verify(), Kind.MISSING, after);
    assertThat(verify().damages().get(0).message()).contains("entries 1 to 2 before it are gone");
  }

  @Test
  final void exchangedEntriesAreNoticedAtTheFirst() {
    write(sealing(), 10);
    SealedEntry one = at(3);
    SealedEntry other = at(7);

    meddling().exchange(one, other);

    assertBad(verify(), Kind.ALTERED, at(3));
    assertThat(at(3).entry().id()).isEqualTo(other.entry().id());
  }

  @Test
  final void anEntryPutBesideAnotherIsNamed() {
    write(sealing(), 5);
    SealedEntry forged = forged(3);

    meddling().insert(forged);

    // Whichever of the two is read first: the place is named, and one of them is not sealed.
    Damage damage = verify().damages().get(0);
    assertThat(damage.sequence()).isEqualTo(3);
    assertThat(damage.kind()).isIn(Kind.ALTERED, Kind.INSERTED);
  }

  @Test
  final void anAppendedEntryIsNamed() {
    write(sealing(), 5);
    SealedEntry forged = forged(6);

    meddling().insert(forged);

    assertBad(verify(), Kind.ALTERED, forged);
  }

  @Test
  final void onlyTheHeadTellsThatTheEndWasCutOff() {
    write(sealing(), 10);
    AuditHead head = AuditHead.parse(accounting().audit().head().text());
    assertThat(accounting().audit().verify(head).damages()).isEmpty();

    meddling().remove(at(10).entry().id());

    assertThat(verify().isIntact()).isTrue();
    assertThat(accounting().audit().verify(head).damages())
        .singleElement()
        .satisfies(damage -> assertThat(damage.kind()).isEqualTo(Kind.CUT_OFF))
        .satisfies(damage -> assertThat(damage.sequence()).isEqualTo(10));
  }

  @Test
  final void aHeadTellsHowMuchCameAfterIt() {
    LlmAccounting writer = sealing();
    write(writer, 3);
    AuditHead head = accounting().audit().head();
    write(writer, 2);
    write(sealing(), 2);

    AuditVerification found = accounting().audit().verify(head);

    assertThat(found.damages()).isEmpty();
    assertThat(found.sinceHead()).isEqualTo(4);
  }

  @Test
  final void eachStreamHasItsFirstBadPlace() {
    write(sealing(), 5);
    write(sealing(), 5);
    List<UUID> streams =
        accounting().audit().head().streams().stream().map(AuditHead.End::stream).toList();

    meddling().alter(at(streams.get(0), 2).entry().id(), "x");
    meddling().alter(at(streams.get(0), 4).entry().id(), "x");
    meddling().remove(at(streams.get(1), 1).entry().id());

    assertThat(verify().damages())
        .extracting(Damage::stream, Damage::sequence)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(streams.get(0), 2L),
            org.assertj.core.groups.Tuple.tuple(streams.get(1), 2L));
  }

  @Test
  final void aKeyIsNeededToVerifyWhatItSealed() {
    write(keyed("2026"), 3);

    assertThat(verify().damages())
        .singleElement()
        .satisfies(damage -> assertThat(damage.kind()).isEqualTo(Kind.UNKNOWN_KEY));
    LlmAccounting knowing = with(AuditSettings.defaults().knowing("2026", SECRET));
    assertThat(knowing.audit().verify().damages()).isEmpty();
    assertThat(knowing.audit().verify().keyless()).isZero();
    byte[] wrong = new byte[32];
    assertThat(with(AuditSettings.defaults().knowing("2026", wrong)).audit().verify().damages())
        .singleElement()
        .satisfies(damage -> assertThat(damage.kind()).isEqualTo(Kind.ALTERED));
  }

  @Test
  final void keysChangeWithANewStream() {
    write(keyed("2025"), 2);
    LlmAccounting changed =
        with(AuditSettings.defaults().sealed("2026", new byte[32]).knowing("2025", SECRET));
    write(changed, 2);

    assertThat(changed.audit().verify().damages()).isEmpty();
    assertThat(changed.audit().verify().sealed()).isEqualTo(4);
  }

  @Test
  final void eightThreadsOfTwoInstancesSealWithoutGaps() throws Exception {
    List<LlmAccounting> writers = List.of(sealing(), sealing());

    Crowd.run(8, thread -> write(writers.get(thread % 2), 50));

    AuditVerification found = verify();
    assertThat(found.damages()).isEmpty();
    assertThat(found.sealed()).isEqualTo(400);
    for (AuditHead.End end : accounting().audit().head().streams()) {
      assertThat(end.sequence()).isEqualTo(200);
    }
  }

  @Test
  final void sealedEntriesVerifyTheSameInAnotherDatabase() {
    write(sealing(), 5);
    write(sealing(), 3);
    AuditHead head = accounting().audit().head();

    try (UsageBackend other = InMemoryBackend.create(clock)) {
      for (int times = 0; times < 2; times++) {
        other.audit().append(all());
      }
      LlmAccounting elsewhere = with(AuditSettings.defaults().log(other.audit()));
      AuditVerification found = elsewhere.audit().verify(head);

      assertThat(found).isEqualTo(accounting().audit().verify(head));
      assertThat(found.sealed()).isEqualTo(8);
      assertThat(elsewhere.audit().head()).isEqualTo(head);
    }
  }

  @Test
  final void aSealIsTheSameInEveryVersionOfThisLibrary() {
    UUID id = UUID.fromString("0195540d-8a00-7000-8000-000000000001");
    AuditEntry entry =
        new AuditEntry(
            id,
            java.time.Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16),
            AuditEntry.PROMPT,
            "bob",
            null,
            "gpt-5-mini",
            new Attribution("search", "alice", null, "s1", Map.of()),
            id,
            "chatcmpl-1",
            "h\u00e4llo \ud83d\ude80",
            null,
            Map.of("b", "2", "a", "1"),
            Map.of("prompt.cut", 300_000L));
    // Worked out by another program from the documented encoding.
    Seal plain =
        new Seal(
            id, 1, 1, null, "62f639eb24df92b3f05f517450818aab1066816d76232868c88ff4a03b22ef85");
    Seal keyed =
        new Seal(
            id, 1, 1, "2026", "4364a50f0ff1bbfa6b657452ea510063aeb0e20bea0eab4cc85579a4fa02005f");

    try (UsageBackend other = InMemoryBackend.create(clock)) {
      backend().audit().append(List.of(new SealedEntry(entry, plain)));
      other.audit().append(List.of(new SealedEntry(entry, keyed)));
      AuditSettings knowing = AuditSettings.defaults().knowing("2026", SECRET);

      assertThat(verify().damages()).isEmpty();
      assertThat(with(knowing.log(other.audit())).audit().verify().damages()).isEmpty();
    }
  }

  private LlmAccounting sealing() {
    return with(AuditSettings.defaults().sealed());
  }

  private LlmAccounting keyed(String key) {
    return with(AuditSettings.defaults().sealed(key, SECRET));
  }

  private LlmAccounting with(AuditSettings audit) {
    return another(settings -> settings.audit(audit));
  }

  private void write(LlmAccounting writer, int count) {
    for (int i = 1; i <= count; i++) {
      writer.audit().prompt("prompt " + i).user("alice").session("s").write();
      if (count < 50) {
        clock.advance(Duration.ofSeconds(1));
      }
    }
  }

  private AuditVerification verify() {
    return accounting().audit().verify();
  }

  private List<SealedEntry> all() {
    return backend().audit().scan(AuditScan.byStream(1_000)).stream()
        .map(ScannedEntry::stored)
        .toList();
  }

  private SealedEntry at(long sequence) {
    return all().stream()
        .filter(one -> one.seal().sequence() == sequence)
        .findFirst()
        .orElseThrow();
  }

  private SealedEntry at(UUID stream, long sequence) {
    return all().stream()
        .filter(one -> one.seal().stream().equals(stream))
        .filter(one -> one.seal().sequence() == sequence)
        .findFirst()
        .orElseThrow();
  }

  private SealedEntry forged(long sequence) {
    Seal seal = at(1).seal();
    return new SealedEntry(
        new AuditEntry(
            UsageFixtures.newId(clock.instant()),
            clock.instant(),
            AuditEntry.PROMPT,
            null,
            null,
            null,
            Attribution.NONE,
            null,
            null,
            "forged",
            null,
            Map.of(),
            Map.of()),
        new Seal(seal.stream(), sequence, Seal.VERSION, null, "ab".repeat(32)));
  }

  private static void assertBad(AuditVerification found, Kind kind, SealedEntry entry) {
    assertThat(found.damages())
        .singleElement()
        .satisfies(damage -> assertThat(damage.kind()).isEqualTo(kind))
        .satisfies(damage -> assertThat(damage.entry()).isEqualTo(entry.entry().id()))
        .satisfies(damage -> assertThat(damage.sequence()).isEqualTo(entry.seal().sequence()));
    assertThat(found.isIntact()).isFalse();
  }
}
