package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.RenamedCounters;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Works out how limits and counters change when a user gets another name: limits that name the user
 * name the new one, and whatever tells users or tags apart is counted anew from the records and the
 * bases.
 */
public final class RenamedLimits {
  private final NameChange change;

  /** For records that have the new name already. */
  public RenamedLimits(NameChange change) {
    this.change = change;
  }

  /** The change of a name that is called {@code to} from now on. */
  public static NameChange change(String from, String to) {
    return new NameChange(
        from, to, subject -> Subjects.renamed(subject, from, to), Subjects.texts(from, to));
  }

  /** How many limits name the user. */
  public static long named(List<StoredLimit> limits, NameChange change) {
    RenamedLimits renaming = new RenamedLimits(change);
    return limits.stream().filter(one -> !renaming.of(one).equals(one)).count();
  }

  /** True if a hold is of the user. */
  public static boolean concerns(HoldRecord hold, NameChange change) {
    return change.concerns(hold.attribution())
        || hold.amounts().stream().anyMatch(held -> change.concerns(held.counter().subject()));
  }

  /** Works out what is to be written in place of what {@code view} shows. */
  public RenamedCounters of(LedgerSnapshot view) {
    List<StoredLimit> limits = view.limits().stream().map(this::of).toList();
    List<StoredLimit> changed = new ArrayList<>(limits);
    changed.removeAll(view.limits());
    Set<Long> counted = counted(limits);
    Map<CounterKey, CounterState> bases = new TreeMap<>();
    bases(view, limits, counted, bases);
    Map<CounterKey, CounterState> counters = new TreeMap<>();
    view.counters()
        .forEach(
            (key, state) -> {
              if (counted.contains(key.limitId())) {
                counters.putIfAbsent(renamed(key), state);
              }
            });
    SeededCounters seeded =
        CountedAnew.of(new View(view, limits, counters, Map.copyOf(bases)), counted);
    return new RenamedCounters(changed, counted, seeded.counters(), bases, seeded.holds());
  }

  private StoredLimit of(StoredLimit stored) {
    Limit limit = stored.limit();
    Map<Dimension, Match> who = new TreeMap<>(limit.who());
    who.replaceAll(
        (dimension, match) ->
            namesPeople(dimension) && match.equals(Match.is(change.from()))
                ? Match.is(change.to())
                : match);
    return new StoredLimit(
        stored.id(),
        new Limit(
            limit.name(),
            who,
            limit.metric(),
            limit.maximum(),
            limit.window(),
            limit.action(),
            limit.alertPercents(),
            limit.outage(),
            limit.unpriced(),
            limit.chosenGrain(),
            limit.weights(),
            limit.leaseTerm()),
        stored.set());
  }

  private static boolean namesPeople(Dimension dimension) {
    return dimension.kind() == Dimension.Kind.USER || dimension.kind() == Dimension.Kind.TAG;
  }

  private static boolean tellsApart(Limit limit) {
    return limit.who().entrySet().stream()
        .anyMatch(one -> namesPeople(one.getKey()) && one.getValue().kind() != Match.Kind.ABSENT);
  }

  // usage that an exemption lifts is not counted, so the limits that it lifts may change too
  private static Set<Long> counted(List<StoredLimit> limits) {
    List<Limit> exemptions =
        limits.stream()
            .map(StoredLimit::limit)
            .filter(limit -> limit.isExemption() && tellsApart(limit))
            .toList();
    Set<Long> counted = new HashSet<>();
    for (StoredLimit stored : limits) {
      Limit limit = stored.limit();
      if (!limit.isExemption()
          && (tellsApart(limit) || exemptions.stream().anyMatch(one -> one.lifts(limit)))) {
        counted.add(stored.id());
      }
    }
    return counted;
  }

  private void bases(
      LedgerSnapshot view,
      List<StoredLimit> limits,
      Set<Long> counted,
      Map<CounterKey, CounterState> bases) {
    Map<Long, Limit> byId = new TreeMap<>();
    limits.forEach(stored -> byId.put(stored.id(), stored.limit()));
    view.bases()
        .forEach(
            (key, state) -> {
              Limit limit = byId.get(key.limitId());
              if (limit != null && counted.contains(key.limitId())) {
                bases.merge(renamed(key), state, (there, more) -> together(limit, there, more));
              }
            });
  }

  private static CounterState together(Limit limit, CounterState one, CounterState other) {
    boolean isLater = one.asOf() < other.asOf();
    Counter sum = Counter.of(limit, isLater ? one : other);
    sum.adopt(Counter.of(limit, isLater ? other : one));
    return sum.toState();
  }

  private CounterKey renamed(CounterKey key) {
    return new CounterKey(key.limitId(), change.subjects().apply(key.subject()));
  }

  /** The ledger as it will be. */
  private record View(
      LedgerSnapshot before,
      List<StoredLimit> limits,
      Map<CounterKey, CounterState> counters,
      Map<CounterKey, CounterState> bases)
      implements LedgerSnapshot {
    @Override
    public Instant now() {
      return before.now();
    }

    @Override
    public List<HoldRecord> holds() {
      return before.holds();
    }

    @Override
    public void scan(Instant from, Consumer<RecordedUsage> reader) {
      before.scan(from, reader);
    }
  }
}
