package io.llmaccounting.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StoredValuesTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00.123456789Z");
  private static final Instant MICROS = Instant.parse("2026-03-02T09:00:00.123456Z");
  private static final UUID ID = UsageId.floor(NOW);

  @Test
  void countersAreOrderedAsTheyAreLocked() {
    CounterKey first = new CounterKey(1, "b");
    CounterKey second = new CounterKey(2, "a");
    CounterKey third = new CounterKey(2, "b");

    assertThat(new TreeSet<>(List.of(third, first, second))).containsExactly(first, second, third);
  }

  @Test
  void counterStatesAreComparedByContent() {
    CounterState state = new CounterState(5, new byte[] {1, 2});

    assertThat(state).isEqualTo(new CounterState(5, new byte[] {1, 2}));
    assertThat(state).hasSameHashCodeAs(new CounterState(5, new byte[] {1, 2}));
    assertThat(state).isNotEqualTo(new CounterState(5, new byte[] {1, 3}));
    assertThat(state).isNotEqualTo(new CounterState(6, new byte[] {1, 2}));
    assertThat(state).hasToString("CounterState[asOf=5, cells=2 bytes]");
  }

  @Test
  void aHoldChangesItsExpiryOrWhatItHolds() {
    List<HoldRecord.Amount> amounts = List.of(new HoldRecord.Amount(new CounterKey(1, ""), 2, 3));
    HoldRecord.Expected expected = new HoldRecord.Expected(1, 2, Cost.usd("3"));
    HoldRecord hold =
        new HoldRecord(ID, "m", null, Attribution.NONE, NOW, NOW, 1, expected, List.of());

    assertThat(hold.admittedAt()).isEqualTo(MICROS);
    assertThat(hold.expiring(NOW.plusSeconds(1)).expiresAt()).isEqualTo(MICROS.plusSeconds(1));
    assertThat(hold.holding(expected, amounts).amounts()).isEqualTo(amounts);
    assertThat(hold.holding(expected, amounts).expiring(NOW).expected()).isEqualTo(expected);
  }

  @Test
  void aBatchAndWhatIsSeededAreCopies() {
    TreeSet<CounterKey> counters = new TreeSet<>(Set.of(new CounterKey(1, "")));
    LedgerBatch batch = new LedgerBatch(3, counters, Set.of(ID), Set.of());
    List<HoldRecord> holds = new ArrayList<>();
    SeededCounters seeded = new SeededCounters(Map.of(), holds);
    counters.clear();

    assertThat(batch.counters()).hasSize(1);
    assertThat(batch.recordsRead()).isEmpty();
    assertThatThrownBy(() -> batch.counters().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(seeded.holds()).isEmpty();
  }

  @Test
  void aFailureSaysWhatACallerCanDo() {
    BackendException passing =
        new BackendException(BackendException.Kind.UNAVAILABLE, "away for now");

    assertThat(passing.isPassing()).isTrue();
    assertThat(new BackendException(BackendException.Kind.CLOSED, "closed").isPassing()).isFalse();
    assertThat(new SpoolFullException("spool", 9, 10))
        .hasMessageContaining("9 of 10 bytes")
        .satisfies(full -> assertThat(full.maxBytes() - full.bytes()).isEqualTo(1));
  }

  @Test
  void aDeadLetterKeepsAReasonThatCanBeStored() {
    Usage usage = new UsageBuilder(NOW, at -> ID).model("m").build();
    SpooledCall call = new SpooledCall(usage, false, false, NOW);

    DeadLetter letter = new DeadLetter(1, call, "nul\0" + "x".repeat(5_000), NOW);

    assertThat(letter.reason()).hasSize(4_000).startsWith("nul\ufffd");
    assertThat(letter.buriedAt()).isEqualTo(MICROS);
    assertThat(call.recordedAt()).isEqualTo(MICROS);
    assertThatThrownBy(() -> new OpenLimit(" ", "")).hasMessageContaining("limit");
  }
}
