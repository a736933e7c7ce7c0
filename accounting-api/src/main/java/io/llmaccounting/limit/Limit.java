package io.llmaccounting.limit;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.validation.Check;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says whose calls it watches, what it measures, how much it allows, over which window, and what
 * happens to a call that does not fit. Start with {@link #named}.
 *
 * @param name unique
 * @param who one match for each dimension that it constrains; a dimension not named matches any
 *     value, all added up together
 * @param metric what it measures
 * @param maximum whole units, nano-dollars for COST, thousandths for WEIGHTED_TOKENS, 0 to {@link
 *     #MAX_AMOUNT}; 0 denies everything it watches; {@link #UNLIMITED} makes it an exemption
 * @param window the stretch of time
 * @param action what happens to a call that does not fit
 * @param alertPercents percents of the maximum at which an alert fires, 1 to 1,000
 * @param outage what happens while the store cannot be reached
 * @param unpriced what a limit on cost does about calls of unknown cost
 * @param chosenGrain the time within which usage that is charged leaves a moving window together,
 *     null for the default, see {@link #grain()}
 * @param weights of each kind of token, for a limit on WEIGHTED_TOKENS; else null
 * @param leaseTerm how long a process may keep a slice of it without renewing it, where calls are
 *     let in from slices; null where each is decided in the ledger, see {@link #leased()}
 */
public record Limit(
    String name,
    Map<Dimension, Match> who,
    Metric metric,
    long maximum,
    Window window,
    LimitAction action,
    SortedSet<Integer> alertPercents,
    OutagePolicy outage,
    UnpricedPolicy unpriced,
    @Nullable Duration chosenGrain,
    @Nullable TokenWeights weights,
    @Nullable Duration leaseTerm) {

  /** How long leases last unless stated: 5 seconds. */
  public static final Duration DEFAULT_LEASE_TERM = Duration.ofSeconds(5);

  /** The largest maximum: 2<sup>62</sup>. */
  public static final long MAX_AMOUNT = 1L << 62;

  /** The maximum of an exemption. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final int GRAINS_A_WINDOW = 120;

  /** Checks every part. */
  public Limit {
    Check.name("limit name", name);
    who = Collections.unmodifiableSortedMap(new TreeMap<>(who));
    for (Dimension dimension : who.keySet()) {
      if (!dimension.isKnownBeforeTheCall()) {
        throw new IllegalArgumentException(
            "limit \"%s\" must watch what is known before a call, not %s"
                .formatted(name, dimension));
      }
    }
    Objects.requireNonNull(metric, "metric is required, was null");
    if (maximum != UNLIMITED) {
      Check.range("maximum of limit \"" + name + "\"", maximum, 0, MAX_AMOUNT);
    }
    Objects.requireNonNull(window, "window is required, was null");
    Objects.requireNonNull(action, "action is required, was null");
    alertPercents = Collections.unmodifiableSortedSet(new TreeSet<>(alertPercents));
    alertPercents.forEach(percent -> Check.range("alert percent", percent, 1, 1_000));
    checkGrain(window, chosenGrain);
    if (metric == Metric.CONCURRENT && maximum != UNLIMITED) {
      checkConcurrent(name, window, alertPercents);
    } else if (window instanceof Window.Now) {
      throw new IllegalArgumentException(
          "window of limit \"%s\" on %s must be a stretch of time, was now"
              .formatted(name, metric));
    }
    boolean weighs = metric == Metric.WEIGHTED_TOKENS && maximum != UNLIMITED;
    if (weighs != (weights != null)) {
      throw new IllegalArgumentException(
          weighs
              ? "limit \"%s\" on weighted tokens needs weights".formatted(name)
              : "weights of limit \"%s\" on %s must be absent, were %s"
                  .formatted(name, metric, weights));
    }
    if (leaseTerm != null) {
      LeaseTerms.checkLeasable(name, metric, maximum, action);
      LeaseTerms.checkTerm(name, window, leaseTerm);
    }
  }

  /** A limit that is not leased. */
  public Limit(
      String name,
      Map<Dimension, Match> who,
      Metric metric,
      long maximum,
      Window window,
      LimitAction action,
      SortedSet<Integer> alertPercents,
      OutagePolicy outage,
      UnpricedPolicy unpriced,
      @Nullable Duration chosenGrain,
      @Nullable TokenWeights weights) {
    this(
        name,
        who,
        metric,
        maximum,
        window,
        action,
        alertPercents,
        outage,
        unpriced,
        chosenGrain,
        weights,
        null);
  }

  private static void checkConcurrent(String name, Window window, SortedSet<Integer> alerts) {
    if (!(window instanceof Window.Now)) {
      throw new IllegalArgumentException(
          "window of limit \"%s\" on calls under way must be now, was %s".formatted(name, window));
    }
    if (!alerts.isEmpty()) {
      throw new IllegalArgumentException(
          "limit \"%s\" on calls under way has no alerts, for they come and go; was given %s"
              .formatted(name, alerts));
    }
  }

  private static void checkGrain(Window window, @Nullable Duration grain) {
    if (grain == null) {
      return;
    }
    if (window instanceof Window.Rolling rolling) {
      long least = Math.max(1, micros(rolling.length()) / 1_000);
      long most = Math.max(1, micros(rolling.length()) / 100);
      boolean exact = micros(grain) == 1;
      if (!exact) {
        Check.range("grain in microseconds", micros(grain), least, most);
      }
    } else if (window instanceof Window.RollingMonths months) {
      long day = micros(Duration.ofDays(1));
      long size = micros(grain);
      boolean exact = size == 1;
      if (!exact && (size < 1 || day % size != 0 || 31L * months.months() * (day / size) > 1_200)) {
        throw new IllegalArgumentException(
            "grain must divide a day and make at most 1200 buckets of %s, was %s"
                .formatted(window, grain));
      }
    } else {
      throw new IllegalArgumentException(
          "grain must be absent for window %s, was %s".formatted(window, grain));
    }
  }

  private static long micros(Duration duration) {
    long most = Long.MAX_VALUE / 1_000_000L - 1;
    long seconds = Math.max(-most, Math.min(most, duration.getSeconds()));
    return seconds * 1_000_000L + duration.getNano() / 1_000;
  }

  /** Starts a limit that watches everything until it is told otherwise. */
  public static LimitBuilder named(String name) {
    return new LimitBuilder(name);
  }

  /** True if this lifts other limits instead of setting one. */
  public boolean isExemption() {
    return maximum == UNLIMITED;
  }

  /**
   * How late usage may leave a moving window, at most: the chosen grain. Without a chosen grain,
   * each call's usage leaves at its own microsecond as long as a counter has no more than some
   * hundred such entries in its window. Above that the older ones are merged, and leave less than a
   * 120th of the window late, or for months less than a quarter of a day (a day from two months
   * on). {@link LimitStatus#grain()} says how it is at a moment. Zero for windows that do not move.
   */
  public Duration grain() {
    if (isCoarse()) {
      return Objects.requireNonNull(chosenGrain, "a coarse grain is chosen");
    }
    if (window instanceof Window.Rolling rolling) {
      return Duration.of(micros(rolling.length()) / GRAINS_A_WINDOW, ChronoUnit.MICROS);
    }
    if (window instanceof Window.RollingMonths months) {
      return months.months() == 1 ? Duration.ofHours(6) : Duration.ofDays(1);
    }
    return Duration.ZERO;
  }

  /** True if a grain was chosen, so that usage is merged from the start. */
  public boolean isCoarse() {
    return chosenGrain != null && micros(chosenGrain) > 1;
  }

  /** True if it watches a call of this model, provider and attribution. */
  public boolean watches(String model, @Nullable String provider, Attribution attribution) {
    for (Map.Entry<Dimension, Match> entry : who.entrySet()) {
      if (!entry.getValue().matches(entry.getKey().of(model, provider, attribution))) {
        return false;
      }
    }
    return true;
  }

  /**
   * True if this is an exemption that lifts {@code other} from the calls that both watch: same
   * metric, and every dimension that {@code other} constrains is constrained at least as tightly.
   */
  public boolean lifts(Limit other) {
    if (!isExemption() || other.isExemption() || metric != other.metric) {
      return false;
    }
    for (Map.Entry<Dimension, Match> entry : other.who.entrySet()) {
      Match own = who.get(entry.getKey());
      if (own == null || !own.isAtLeastAsTightAs(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** True if processes lease slices of it and let calls in from those. */
  public boolean isLeased() {
    return leaseTerm != null;
  }

  /**
   * Returns a copy that is leased: a process that calls often takes a slice of what is left, and
   * lets calls in from it without asking the store, until the slice is spent, its term of 5 seconds
   * is over and not renewed, or the limit is nearly used up. What is leased counts as held for
   * everybody, so that the maximum holds whatever happens to a process.
   *
   * @throws IllegalArgumentException if it only warns, is an exemption, is on calls under way, or
   *     its window is shorter than 10 terms
   */
  public Limit leased() {
    return leased(DEFAULT_LEASE_TERM);
  }

  /** Returns a copy that is leased for this term, 1 second to 1 hour. */
  public Limit leased(Duration term) {
    return with(draft -> draft.leaseTerm = term);
  }

  /** Returns a copy that is not leased: every call is decided in the ledger. */
  public Limit unleased() {
    return with(draft -> draft.leaseTerm = null);
  }

  /** Returns a copy that admits and reports calls that do not fit. */
  public Limit warning() {
    return with(draft -> draft.action = LimitAction.WARN);
  }

  /** Returns a copy with alerts at these percents of the maximum. */
  public Limit alertingAt(Integer... percents) {
    return with(draft -> draft.alertPercents = new TreeSet<>(Arrays.asList(percents)));
  }

  /** Returns a copy with this policy for outages. */
  public Limit onOutage(OutagePolicy policy) {
    return with(draft -> draft.outage = policy);
  }

  /** Returns a copy with this policy for calls of unknown cost. */
  public Limit onUnpriced(UnpricedPolicy policy) {
    return with(draft -> draft.unpriced = policy);
  }

  /** Returns a copy with this maximum. */
  public Limit withMaximum(long maximum) {
    return with(draft -> draft.maximum = maximum);
  }

  /** Returns a copy with this maximum, for a limit on cost. */
  public Limit withMaximum(Cost maximum) {
    if (metric != Metric.COST) {
      throw new IllegalArgumentException(
          "maximum of a limit on %s must be a number, was %s".formatted(metric, maximum));
    }
    return withMaximum(maximum.nanos());
  }

  /**
   * Returns a copy with this grain: fewer entries are kept, and usage leaves up to so much late.
   */
  public Limit withGrain(Duration grain) {
    return with(draft -> draft.grain = grain);
  }

  private Limit with(Consumer<LimitDraft> change) {
    LimitDraft draft = new LimitDraft(this);
    change.accept(draft);
    return draft.limit();
  }

  /** For instance {@code COST limit "alice hourly" of $5.00, rolling PT1H, user is alice}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(metric).append(" limit \"").append(name).append("\" of ");
    text.append(isExemption() ? "unlimited" : metric.format(maximum));
    text.append(", ").append(WindowWords.of(window));
    if (weights != null) {
      text.append(", ").append(weights);
    }
    who.forEach(
        (dimension, match) -> text.append(", ").append(dimension).append(' ').append(match));
    if (leaseTerm != null) {
      text.append(", leased ").append(leaseTerm);
    }
    return text.toString();
  }
}
