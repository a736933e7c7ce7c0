package io.llmaccounting.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealedValuesTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00.123456Z");
  private static final UUID STREAM = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L);
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final AuditEntry ENTRY = AuditEntry.admin(UsageId.floor(NOW), NOW, "o", Map.of());

  @Test
  void aSealNamesItsPlaceAndItsHash() {
    assertThat(new Seal(STREAM, 1, Seal.VERSION, "k", HASH).hash()).isEqualTo(HASH);
    assertThat(new Seal(STREAM, 1, Seal.VERSION, null, Seal.NO_HASH).key()).isNull();
    assertThatThrownBy(() -> new Seal(UUID.randomUUID(), 1, 1, null, HASH))
        .hasMessageContaining("version 7");
    assertThatThrownBy(() -> new Seal(STREAM, 0, 1, null, HASH)).hasMessageContaining("sequence");
    assertThatThrownBy(() -> new Seal(STREAM, 1, 0, null, HASH)).hasMessageContaining("version");
    assertThatThrownBy(() -> new Seal(STREAM, 1, 1, " ", HASH)).hasMessageContaining("key");
    assertThatThrownBy(() -> new Seal(STREAM, 1, 1, null, HASH.toUpperCase()))
        .hasMessageContaining("64 lower-case");
  }

  @Test
  void whatAScanFoundIsEitherAnEntryOrDamaged() {
    ScannedEntry sealed =
        ScannedEntry.of(new SealedEntry(ENTRY, new Seal(STREAM, 7, 1, null, HASH)));
    ScannedEntry unsealed = ScannedEntry.of(SealedEntry.unsealed(ENTRY));

    assertThat(sealed.stream()).isEqualTo(STREAM);
    assertThat(sealed.sequence()).isEqualTo(7);
    assertThat(unsealed.stream()).isNull();
    assertThat(unsealed.sequence()).isZero();
    assertThatThrownBy(() -> new ScannedEntry(STREAM, null, 0, null, null))
        .hasMessageContaining("either stored or damage");
    assertThatThrownBy(
            () -> new ScannedEntry(STREAM, null, 0, SealedEntry.unsealed(ENTRY), "broken"))
        .hasMessageContaining("either stored or damage");
  }

  @Test
  void pagesFollowEachOther() {
    ScannedEntry last = ScannedEntry.of(SealedEntry.unsealed(ENTRY));
    AuditStream stream = new AuditStream(STREAM, 1, 9, HASH, null, NOW, 4L, HASH);

    assertThat(AuditScan.byId(10).after(last))
        .isEqualTo(new AuditScan(AuditScan.Order.ID, last, 10));
    assertThat(AuditScan.byStream(10).order()).isEqualTo(AuditScan.Order.STREAM);
    assertThat(AuditStreams.all(10).after(stream))
        .isEqualTo(new AuditStreams(Instant.EPOCH, STREAM, 10));
    assertThatThrownBy(() -> AuditScan.byId(0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> AuditStreams.all(10_001)).hasMessageContaining("limit");
    assertThatThrownBy(() -> new AuditRemoval.Unsealed(NOW, 0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> new AuditRemoval.Sealed(STREAM, 1, 0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> new AuditStream(STREAM, 1, 9, HASH, null, NOW, 4L, null))
        .hasMessageContaining("removableHash");
  }
}
