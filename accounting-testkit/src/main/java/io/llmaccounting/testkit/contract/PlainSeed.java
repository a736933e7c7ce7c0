package io.llmaccounting.testkit.contract;

import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts the records it is given, and remembers what it saw. Confined to one thread. */
final class PlainSeed implements CounterSeed {
  final List<RecordedUsage> accepted = new ArrayList<>();
  @Nullable StoredLimit replaced;
  @Nullable Instant now;
  private final Optional<Instant> from;
  private final Function<List<RecordedUsage>, Map<String, CounterState>> counters;

  private PlainSeed(
      Optional<Instant> from, Function<List<RecordedUsage>, Map<String, CounterState>> counters) {
    this.from = from;
    this.counters = counters;
  }

  /** Keeps the counters that are there. */
  static PlainSeed keeping() {
    return new PlainSeed(Optional.empty(), records -> Map.of());
  }

  /** Starts over without counters. */
  static PlainSeed ofNothing() {
    return new PlainSeed(Optional.of(Instant.EPOCH), records -> Map.of());
  }

  /** Starts over with one counter, of subject "", that counts the records charged from then on. */
  static PlainSeed countingFrom(Instant from) {
    return new PlainSeed(Optional.of(from), records -> Map.of("", Counts.of(records.size())));
  }

  /** Fails once it has the records. */
  static PlainSeed failing(RuntimeException bug) {
    return new PlainSeed(
        Optional.of(Instant.EPOCH),
        records -> {
          throw bug;
        });
  }

  @Override
  public Optional<Instant> begin(@Nullable StoredLimit replaced, Instant now) {
    this.accepted.clear();
    this.replaced = replaced;
    this.now = now;
    return from;
  }

  @Override
  public void accept(RecordedUsage usage) {
    accepted.add(usage);
  }

  @Override
  public Map<String, CounterState> counters() {
    return counters.apply(accepted);
  }
}
