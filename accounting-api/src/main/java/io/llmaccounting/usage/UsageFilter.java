package io.llmaccounting.usage;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects the records that satisfy every match.
 *
 * @param matches at most one match for each dimension; EACH selects nothing and is refused
 * @param priced true for records whose cost is known, false for those without, null for both
 */
public record UsageFilter(Map<Dimension, Match> matches, @Nullable Boolean priced)
    implements Predicate<RecordedUsage> {
  private static final UsageFilter ALL = new UsageFilter(Map.of(), null);

  /** Copies the matches, sorted. */
  public UsageFilter {
    matches.forEach(
        (dimension, match) -> {
          if (match.kind() == Match.Kind.EACH) {
            throw new IllegalArgumentException(
                "filter on " + dimension + " must be is, prefix or absent, was each");
          }
        });
    matches = java.util.Collections.unmodifiableMap(new TreeMap<>(matches));
  }

  /** Every record. */
  public static UsageFilter all() {
    return ALL;
  }

  /**
   * Returns a copy narrowed to records that satisfy {@code match}, which replaces any other match
   * on that dimension.
   */
  public UsageFilter with(Dimension dimension, Match match) {
    Map<Dimension, Match> more = new TreeMap<>(matches);
    more.put(dimension, match);
    return new UsageFilter(more, priced);
  }

  /** Narrowed to one model. */
  public UsageFilter model(String model) {
    return with(Dimension.MODEL, Match.is(model));
  }

  /** Narrowed to one provider. */
  public UsageFilter provider(String provider) {
    return with(Dimension.PROVIDER, Match.is(provider));
  }

  /** Narrowed to one project. */
  public UsageFilter project(String project) {
    return with(Dimension.PROJECT, Match.is(project));
  }

  /** Narrowed to one user. */
  public UsageFilter user(String user) {
    return with(Dimension.USER, Match.is(user));
  }

  /** Narrowed to one caller. */
  public UsageFilter caller(String caller) {
    return with(Dimension.CALLER, Match.is(caller));
  }

  /** Narrowed to one session. */
  public UsageFilter session(String session) {
    return with(Dimension.SESSION, Match.is(session));
  }

  /** Narrowed to records with this tag. */
  public UsageFilter tag(String name, String value) {
    return with(Dimension.tag(name), Match.is(value));
  }

  /** Narrowed to records whose cost is unknown. */
  public UsageFilter unpriced() {
    return new UsageFilter(matches, false);
  }

  /** True if {@code candidate} satisfies every match. */
  @Override
  public boolean test(RecordedUsage candidate) {
    if (priced != null && priced != candidate.cost().isPresent()) {
      return false;
    }
    for (Map.Entry<Dimension, Match> entry : matches.entrySet()) {
      if (!entry.getValue().matches(entry.getKey().of(candidate.current()))) {
        return false;
      }
    }
    return true;
  }
}
