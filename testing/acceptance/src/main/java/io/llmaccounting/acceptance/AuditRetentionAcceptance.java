package io.llmaccounting.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.audit.AuditVerification.Damage;
import io.llmaccounting.audit.AuditVerification.Kind;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is too old leaves, and the rest is proven all the same. */
public class AuditRetentionAcceptance extends AcceptanceTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes();

  @Test
  final void whatIsOlderLeavesAndTheRestIsProven() {
    LlmAccounting writer = sealing();
    write(writer, 10);
    Instant old = clock.instant();
    write(writer, 5);

    long left = writer.audit().retain(old);

    assertThat(left).isEqualTo(10);
    assertThat(prompts()).hasSize(5);
    AuditVerification found = writer.audit().verify();
    assertThat(found.damages()).isEmpty();
    assertThat(found.sealed()).isEqualTo(5 + 2);
    AuditEntry act = writer.audit().find(AuditQuery.latest(1).ofType(AuditEntry.ADMIN)).get(0);
    assertThat(act.outcome()).isEqualTo("audit entries removed");
    assertThat(act.attributes())
        .containsEntry("before", old.toString())
        .containsEntry("removed", "10");
  }

  @Test
  final void nothingToRemoveLeavesNoTrace() {
    LlmAccounting writer = sealing();
    Instant before = clock.instant();
    write(writer, 3);

    assertThat(writer.audit().retain(before)).isZero();

    assertThat(writer.audit().verify().sealed()).isEqualTo(3);
  }

  @Test
  final void unsealedEntriesLeaveByTheirInstant() {
    write(accounting(), 4);
    Instant old = clock.instant();
    write(accounting(), 2);

    assertThat(accounting().audit().retain(old)).isEqualTo(4);

    assertThat(prompts()).hasSize(2);
  }

  @Test
  final void anEntryThatClaimsToBeOldLeavesOnlyWithThoseBeforeIt() {
    LlmAccounting writer = sealing();
    write(writer, 2);
    Instant old = clock.instant();
    write(writer, 1);
    writer.audit().prompt("late").at(old.minusSeconds(2)).write();

    assertThat(writer.audit().retain(old)).isEqualTo(2);
    assertThat(prompts()).hasSize(2);
    clock.advance(Duration.ofSeconds(1));
    assertThat(writer.audit().retain(clock.instant())).isGreaterThanOrEqualTo(2);

    assertThat(prompts()).isEmpty();
    assertThat(writer.audit().verify().damages()).isEmpty();
  }

  /** Checkpoints leave too, once later ones say what they said. */
  @Test
  final void manyRetentionsInARowKeepEveryStreamProven() {
    LlmAccounting first = sealing();
    LlmAccounting second = sealing();
    for (int day = 0; day < 12; day++) {
      write(day < 3 ? first : second, 3);
      if (day % 5 == 0) {
        write(sealing(), 1);
      }
      clock.advance(Duration.ofHours(12));

      second.audit().retain(clock.instant().minus(Duration.ofDays(day % 4)));

      assertThat(accounting().audit().verify().damages()).as("day %d", day).isEmpty();
    }
    second.audit().retain(clock.instant());
    assertThat(accounting().audit().verify().damages()).isEmpty();
    assertThat(prompts()).isEmpty();
    assertThat(accounting().audit().verify().sealed()).isLessThan(10);
  }

  @Test
  final void aRemovalThatBrokeOffIsProvenAndFinishedLater() {
    LlmAccounting writer = sealing();
    write(writer, 6);
    Instant old = clock.instant();
    write(writer, 2);
    List<SealedEntry> before = sealed();
    writer.audit().retain(old);
    // As if only the first three of six had been removed.
    backend().audit().append(before.subList(3, 6));

    assertThat(writer.audit().verify().damages()).isEmpty();
    assertThat(writer.audit().retain(old)).isEqualTo(3);
    assertThat(writer.audit().verify().damages()).isEmpty();
    assertThat(prompts()).hasSize(2);
  }

  @Test
  final void aRemovedBeginningWithoutACheckpointIsNoticed() {
    LlmAccounting writer = sealing();
    write(writer, 6);
    Seal last = sealed().get(2).seal();

    backend().audit().remove(new AuditRemoval.Sealed(last.stream(), 3, 100));

    assertThat(writer.audit().verify().damages())
        .extracting(Damage::kind)
        .containsExactly(Kind.MISSING);
  }

  @Test
  final void aForgedCheckpointHidesNothingFromThoseWhoSealWithAKey() {
    LlmAccounting writer = keyed();
    write(writer, 6);
    SealedEntry cut = sealed().get(5);
    backend().audit().remove(new AuditRemoval.Sealed(cut.seal().stream(), 4, 100));
    // Somebody without the key seals a checkpoint for what he has removed.
    LlmAccounting forger = sealing();
    forger
        .audit()
        .note(AuditEntry.CHECKPOINT)
        .prompt("%s 4 %s".formatted(cut.seal().stream(), "00".repeat(32)))
        .attribute("before", clock.instant().toString())
        .write();

    assertThat(writer.audit().verify().damages())
        .extracting(Damage::stream)
        .contains(cut.seal().stream());
  }

  @Test
  final void keyedStreamsAreRemovedOnlyByThoseWhoHaveAKey() {
    LlmAccounting writer = keyed();
    write(writer, 3);
    clock.advance(Duration.ofDays(1));

    for (LlmAccounting other : List.of(accounting(), sealing())) {
      assertThatThrownBy(() -> other.audit().retain(clock.instant()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing was removed");
    }
    assertThat(prompts()).hasSize(3);

    assertThat(writer.audit().retain(clock.instant())).isEqualTo(3);
    assertThat(writer.audit().verify().damages()).isEmpty();
  }

  @Test
  final void aHeadKnowsWhatLeftByRetention() {
    LlmAccounting gone = sealing();
    write(gone, 3);
    LlmAccounting writer = sealing();
    write(writer, 3);
    AuditHead head = writer.audit().head();
    clock.advance(Duration.ofDays(1));
    write(writer, 3);

    writer.audit().retain(clock.instant().minus(Duration.ofHours(1)));

    AuditVerification found = writer.audit().verify(head);
    assertThat(found.damages()).isEmpty();
    assertThat(found.retained()).isEqualTo(2);

    clock.advance(Duration.ofDays(3));
    writer.audit().retain(clock.instant().minus(Duration.ofHours(1)));
    assertThat(writer.audit().verify(head).damages()).isEmpty();
  }

  @Test
  final void afterRetentionMeddlingIsStillFound() {
    LlmAccounting writer = sealing();
    write(writer, 6);
    Instant old = clock.instant();
    write(writer, 4);
    writer.audit().retain(old);
    UUID victim = sealed().get(1).entry().id();

    meddling().alter(victim, "x");

    assertThat(writer.audit().verify().damages())
        .singleElement()
        .satisfies(damage -> assertThat(damage.entry()).isEqualTo(victim));
    assertThat(backend().audit().streams(AuditStreams.all(9))).hasSize(1);
  }

  private LlmAccounting sealing() {
    return another(settings -> settings.audit(AuditSettings.defaults().sealed()));
  }

  private LlmAccounting keyed() {
    return another(settings -> settings.audit(AuditSettings.defaults().sealed("k", SECRET)));
  }

  private void write(LlmAccounting writer, int count) {
    for (int i = 1; i <= count; i++) {
      writer.audit().prompt("prompt " + i).write();
      clock.advance(Duration.ofSeconds(1));
    }
  }

  private List<AuditEntry> prompts() {
    return accounting().audit().find(AuditQuery.latest(1_000).ofType(AuditEntry.PROMPT));
  }

  private List<SealedEntry> sealed() {
    return backend().audit().scan(AuditScan.byStream(1_000)).stream()
        .map(ScannedEntry::stored)
        .toList();
  }
}
