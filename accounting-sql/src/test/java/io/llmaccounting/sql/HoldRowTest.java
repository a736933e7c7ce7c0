package io.llmaccounting.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HoldRowTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final List<HoldRecord.Amount> AMOUNTS =
      List.of(
          new HoldRecord.Amount(new CounterKey(7, "user=\u00e4"), 1L << 62, Long.MAX_VALUE),
          new HoldRecord.Amount(new CounterKey(8, ""), 0, 1));

  @Test
  void expectationAndAmountsComeBack() {
    for (Cost cost : Arrays.asList(null, Cost.ZERO, Cost.usd("0.000000001"))) {
      HoldRecord hold = hold().holding(new HoldRecord.Expected(1L << 40, 3, cost), AMOUNTS);

      assertThat(HoldRow.withAmounts(hold(), HoldRow.bytes(hold))).isEqualTo(hold);
    }
  }

  /** Holds that were live when the library was replaced. */
  @Test
  void aHoldOfTheFirstFormExpectsNothing() {
    byte[] stored =
        ByteBuffer.allocate(1 + 8 + 8 + 8 + 2 + 1)
            .put((byte) 1)
            .putLong(7)
            .putLong(5)
            .putLong(9)
            .putShort((short) 1)
            .put((byte) 'a')
            .array();

    assertThat(HoldRow.withAmounts(hold(), stored))
        .isEqualTo(
            hold()
                .holding(
                    new HoldRecord.Expected(0, 0, null),
                    List.of(new HoldRecord.Amount(new CounterKey(7, "a"), 5, 9))));
  }

  @Test
  void aHoldOfTheSecondFormWasAskedNothingElse() {
    byte[] stored =
        ByteBuffer.allocate(1 + 3 * 8).put((byte) 2).putLong(3).putLong(4).putLong(-1).array();

    assertThat(HoldRow.withAmounts(hold(), stored))
        .isEqualTo(hold().holding(new HoldRecord.Expected(3, 4, null), List.of()));
  }

  @Test
  void whatIsDamagedIsSaidToBe() {
    byte[] whole = HoldRow.bytes(hold().holding(hold().expected(), AMOUNTS));

    for (int length : new int[] {0, 1, 24, 30, 36, whole.length - 1}) {
      assertThatThrownBy(() -> HoldRow.withAmounts(hold(), Arrays.copyOf(whole, length)))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("damaged");
    }
    whole[0] = 5;
    assertThatThrownBy(() -> HoldRow.withAmounts(hold(), whole))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("form 5");
  }

  private static HoldRecord hold() {
    return new HoldRecord(
        new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L),
        "m",
        null,
        Attribution.NONE,
        NOW,
        NOW.plusSeconds(600),
        600_000_000L,
        new HoldRecord.Expected(0, 0, null),
        List.of());
  }
}
