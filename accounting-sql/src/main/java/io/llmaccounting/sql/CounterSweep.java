package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Removes idle counters, a few with each transaction that writes some. It looks at twice as many
 * rows as are written, one page after the other and round again, so that counters of names from
 * outside are removed as fast as they come. Safe for use by many threads.
 */
final class CounterSweep {
  private static final CounterKey START = new CounterKey(0, "");
  private static final int LEAST = 16;
  private static final int MOST = 512;

  private final CounterRows counters;
  private volatile CounterKey last = START;

  CounterSweep(CounterRows counters) {
    this.counters = counters;
  }

  /** Rows that one transaction looks at. */
  final class Page {
    private final int size;
    private final long now;
    private final Set<CounterKey> kept;
    private final List<CounterKey> idle = new ArrayList<>();
    private CounterKey end = START;
    private int seen;

    private Page(int size, long now, Set<CounterKey> kept) {
      this.size = size;
      this.now = now;
      this.kept = kept;
    }

    private void see(CounterRows.Row row) {
      seen++;
      end = row.key();
      if (row.state().idleFrom() <= now && !kept.contains(row.key())) {
        idle.add(row.key());
      }
    }

    /**
     * Removes the idle counters of this page. It waits for no lock, so that it may come after all
     * others.
     */
    void removeIdle(SqlSession session) throws SQLException {
      last = seen < size ? START : end;
      if (!idle.isEmpty()) {
        counters.removeIdle(session, idle, now);
      }
    }
  }

  /** Looks at the next rows; counters in {@code kept} are left alone. */
  Page look(Pipeline pipeline, int written, long now, Set<CounterKey> kept) throws SQLException {
    Page page = new Page(Math.min(MOST, LEAST + 2 * written), now, kept);
    counters.page(pipeline, last, page.size, page::see);
    return page;
  }
}
