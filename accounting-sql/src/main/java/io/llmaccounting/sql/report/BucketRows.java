package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.RowCursor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads rollups bucket by bucket, so that no more than one bucket is in memory. */
final class BucketRows {
  static final long END = Long.MAX_VALUE;

  private final RowCursor cursor;
  private long bucket;
  private @Nullable Columns waiting;

  BucketRows(RowCursor cursor) throws SQLException {
    this.cursor = cursor;
    advance();
  }

  /** The next bucket, {@link #END} after the last. */
  long bucket() {
    return bucket;
  }

  /** The sums of the rows of the next bucket by their dimensions; goes to the bucket after it. */
  Map<RowName, List<Long>> take() throws SQLException {
    Map<RowName, List<Long>> rows = new TreeMap<>();
    long taken = bucket;
    while (waiting != null && bucket == taken) {
      rows.put(RowName.read(waiting), sums(waiting));
      advance();
    }
    return rows;
  }

  private void advance() throws SQLException {
    waiting = cursor.next() ? cursor.columns() : null;
    bucket = waiting == null ? END : waiting.number();
  }

  private static List<Long> sums(Columns columns) throws SQLException {
    List<Long> sums = new ArrayList<>(Sums.ROLLUP_COLUMNS.size());
    for (int i = 0; i < Sums.ROLLUP_COLUMNS.size(); i++) {
      sums.add(columns.number());
    }
    return sums;
  }

  /** The five dimensions of a row; the empty text stands for no value. */
  record RowName(List<String> values) implements Comparable<RowName> {
    static RowName read(Columns columns) throws SQLException {
      List<String> values = new ArrayList<>(RollupFamily.KEY.size());
      for (int i = 0; i < RollupFamily.KEY.size(); i++) {
        values.add(columns.text());
      }
      return new RowName(values);
    }

    @Override
    public int compareTo(RowName other) {
      for (int i = 0; i < values.size(); i++) {
        int byValue = values.get(i).compareTo(other.values.get(i));
        if (byValue != 0) {
          return byValue;
        }
      }
      return 0;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < values.size(); i++) {
        if (!values.get(i).isEmpty()) {
          text.append(' ').append(RollupFamily.KEY.get(i)).append('=').append(values.get(i));
        }
      }
      return text.toString();
    }
  }
}
