package io.llmaccounting.cli.reports;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageFilter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Hands over calls as they are recorded, each once, oldest first. For one thread. */
final class Following {
  private final LlmAccounting accounting;
  private final InstantSource clock;
  private final Consumer<RecordedUsage> reader;
  private final Pause pause;

  /** What happens between two looks. */
  @FunctionalInterface
  interface Pause {
    /** Waits; false to end. */
    boolean goOn();
  }

  Following(
      LlmAccounting accounting, InstantSource clock, Consumer<RecordedUsage> reader, Pause pause) {
    this.accounting = accounting;
    this.clock = clock;
    this.reader = reader;
    this.pause = pause;
  }

  /** Hands over the last {@code count}, then what comes, until the pause ends it. */
  void print(UsageFilter filter, int count) {
    Newcomers newcomers = new Newcomers(accounting, filter);
    newcomers.look(clock.instant());
    List<RecordedUsage> next =
        count == 0 ? new ArrayList<>() : new ArrayList<>(accounting.tail(filter, count));
    newcomers.shown(next);
    Collections.reverse(next);
    next.forEach(reader);
    while (pause.goOn()) {
      newcomers.look(clock.instant()).forEach(reader);
    }
  }
}
