package io.llmaccounting.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.audit.AuditVerification.Kind;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.retention.Erasure;
import io.llmaccounting.retention.ErasureKind;
import io.llmaccounting.retention.ErasureReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A person leaves a sealed audit log, which stays proven. */
@DisplayName("faults F: erasing a person's data from a sealed log")
public class ErasedAuditAcceptance extends AcceptanceTest {
  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Erasure erasure() {
    return accounting().admin().erase("alice").withKey(KEY).inBatchesOf(2);
  }

  @Test
  final void aSealedLogIsProvenBeforeAndAfterAndOldHeadsStayGood() {
    LlmAccounting sealing = sealing();
    write(sealing);
    AuditHead head = sealing.audit().head();

    ErasureReport erased = sealing.admin().erase("alice").withKey(KEY).run();

    assertThat(erased.changed(ErasureKind.AUDIT_ENTRIES)).isEqualTo(3);
    AuditVerification found = sealing.audit().verify(head);
    assertThat(found.damages()).isEmpty();
    assertThat(found.erased()).isEqualTo(3);
    assertThat(sealing.audit().find(AuditQuery.latest(100).user("alice"))).isEmpty();
    assertThat(sealing.audit().find(AuditQuery.latest(100).user(erased.pseudonym())))
        .extracting(AuditEntry::prompt)
        .containsExactly("third", "first");
    assertThat(backend().audit().scan(AuditScan.byId(1_000)))
        .noneMatch(entry -> String.valueOf(entry.stored()).contains("alice"));
  }

  @Test
  final void tamperingIsStillFoundAfterwards() {
    LlmAccounting sealing = sealing();
    write(sealing);
    sealing.admin().erase("alice").withKey(KEY).run();
    SealedEntry erased = at(1);
    SealedEntry other = at(2);

    meddling().alter(other.entry().id(), "tampered");
    assertThat(sealing.audit().verify().damages())
        .singleElement()
        .matches(damage -> damage.kind() == Kind.ALTERED && damage.sequence() == 2);
    meddling().alter(other.entry().id(), "second");
    assertThat(sealing.audit().verify().damages()).isEmpty();

    meddling().alter(erased.entry().id(), "tampered");
    assertThat(sealing.audit().verify().damages())
        .singleElement()
        .matches(damage -> damage.kind() == Kind.ALTERED && damage.sequence() == 1)
        .matches(damage -> damage.message().contains("erasure"));
  }

  @Test
  final void anErasureDoesNotWhitewashWhatWasTamperedWith() {
    LlmAccounting sealing = sealing();
    write(sealing);
    meddling().alter(at(1).entry().id(), "tampered");

    sealing.admin().erase("alice").withKey(KEY).run();

    assertThat(sealing.audit().verify().damages())
        .singleElement()
        .matches(damage -> damage.kind() == Kind.ALTERED && damage.sequence() == 1);
  }

  @Test
  final void aSecondErasureDoesNotWhitewashEither() {
    LlmAccounting sealing = sealing();
    sealing.audit().prompt("for both").user("alice").actor("bob").write();
    sealing.audit().prompt("for both").user("alice").actor("bob").write();
    sealing.admin().erase("alice").withKey(KEY).run();
    meddling().alter(at(1).entry().id(), "tampered");

    sealing.admin().erase("bob").withKey(KEY).run();

    assertThat(at(1).entry().actor()).startsWith("erased-");
    assertThat(sealing.audit().verify().damages())
        .singleElement()
        .matches(damage -> damage.kind() == Kind.ALTERED && damage.sequence() == 1);
  }

  @Test
  final void anAttestationThatIsGoneIsMissed() {
    LlmAccounting sealing = sealing();
    write(sealing);
    sealing.admin().erase("alice").withKey(KEY).run();

    meddling().remove(at(1).seal().erased().attestedBy());

    assertThat(sealing.audit().verify().isIntact()).isFalse();
  }

  @Test
  final void textsLeaveOnlyWhenAsked() {
    LlmAccounting sealing = sealing();
    write(sealing);

    sealing.admin().erase("alice").withKey(KEY).textsToo().run();

    assertThat(at(1).entry().prompt()).isNull();
    assertThat(at(1).entry().marks()).containsEntry("prompt.erased", 1L);
    assertThat(at(2).entry().prompt()).isEqualTo("second");
    assertThat(sealing.audit().verify().damages()).isEmpty();
  }

  @Test
  final void whoDoesNotSealCannotEraseFromASealedLog() {
    write(sealing());

    assertThatThrownBy(() -> erasure().run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must seal");

    assertThat(backend().audit().find(AuditQuery.latest(9).user("alice"))).hasSize(2);
  }

  @Test
  final void administrativeEntriesLoseTheNameToo() {
    save(Limit.named("own").user("alice").requests(50).lifetime());
    accounting()
        .audit()
        .event("asked")
        .attribute("about", "alice")
        .attribute("is", "malice")
        .write();

    ErasureReport erased = erasure().run();

    List<AuditEntry> all = backend().audit().find(AuditQuery.latest(20));
    assertThat(all).noneMatch(entry -> entry.attributes().toString().contains("is alice"));
    assertThat(all)
        .anyMatch(
            entry -> entry.attributes().equals(Map.of("about", erased.pseudonym(), "is", "malice")))
        .anyMatch(entry -> "person erased".equals(entry.outcome()));
  }

  private LlmAccounting sealing() {
    return another(settings -> settings.audit(AuditSettings.defaults().sealed()));
  }

  private void write(LlmAccounting sealing) {
    sealing.audit().prompt("first").user("alice").write();
    clock.advance(Duration.ofSeconds(1));
    sealing.audit().prompt("second").user("bob").write();
    clock.advance(Duration.ofSeconds(1));
    sealing.audit().prompt("third").user("alice").write();
    clock.advance(Duration.ofSeconds(1));
    sealing.audit().event("looked").actor("alice").write();
    clock.advance(Duration.ofSeconds(1));
  }

  private SealedEntry at(long sequence) {
    return backend().audit().scan(AuditScan.byStream(1_000)).stream()
        .map(ScannedEntry::stored)
        .filter(one -> one.seal().sequence() == sequence)
        .findFirst()
        .orElseThrow();
  }
}
