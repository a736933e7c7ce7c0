package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.Recounting;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.limit.Limit;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecountJournalTest {
  @TempDir Path folder;

  /** Counts as limits do; each time it starts somebody else changes limits. */
  private record Disturbed(Runnable action) implements CounterSeed {
    @Override
    public boolean keeps(Limit replaced, Limit saved) {
      return LimitSeed.SEED.keeps(replaced, saved);
    }

    @Override
    public Set<Long> countedAnew(
        @Nullable StoredLimit before, @Nullable StoredLimit after, List<StoredLimit> limits) {
      return LimitSeed.SEED.countedAnew(before, after, limits);
    }

    @Override
    public Recounting recount(Set<Long> anew, List<StoredLimit> limits, Instant now) {
      action.run();
      return LimitSeed.SEED.recount(anew, limits, now);
    }
  }

  /** faults B5: ledgers stop writing down what changes once nobody counts any more. */
  @Test
  void nothingIsKeptForACountThatFindsItsLimitSavedByOthers() throws Exception {
    Path file = folder.resolve("usage.db");
    try (SqliteBackend mine = SqliteBackend.open(file);
        SqliteBackend others = SqliteBackend.open(file)) {
      int[] saves = {0};
      Runnable disturb = () -> others.limits().save(limit(++saves[0]), LimitSeed.SEED);

      StoredLimit saved = mine.limits().save(limit(9), new Disturbed(disturb));

      assertThat(saves[0]).isEqualTo(2);
      assertThat(mine.limits().load().limits()).containsExactly(saved);
    }
    assertThat(
            RawDatabase.rows(file, "SELECT value FROM settings WHERE name = 'changes_kept_until'"))
        .containsExactly(List.of("0"));
  }

  private static Limit limit(long maximum) {
    return Limit.named("a").requests(maximum).lifetime();
  }
}
