package io.llmaccounting.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class RecentColumnsTest {
  private final RecentColumns recent = new RecentColumns();

  private static BitSet columns(int... some) {
    BitSet columns = new BitSet();
    for (int column : some) {
      columns.set(column);
    }
    return columns;
  }

  @Test
  void areThoseOfThisInsertAndOfThoseBefore() {
    assertThat(recent.with(columns(1, 2))).isEqualTo(columns(1, 2));
    assertThat(recent.with(columns(7))).isEqualTo(columns(1, 2, 7));
    assertThat(recent.with(columns(1))).isEqualTo(columns(1, 2, 7));
  }

  @Test
  void areForgottenWhereNoInsertUsesThemForLong() {
    recent.with(columns(1, 40));
    for (int inserts = 1; inserts < 2 * RecentColumns.REMEMBERED; inserts++) {
      assertThat(recent.with(columns(1))).isEqualTo(columns(1, 40));
    }

    assertThat(recent.with(columns(1))).isEqualTo(columns(1));
  }

  @Test
  void areNotChangedByInsertsThatFollow() {
    BitSet first = recent.with(columns(1));

    recent.with(columns(2));

    assertThat(first).isEqualTo(columns(1));
  }
}
