package io.llmaccounting.limit;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.validation.Check;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads left to right: whom it watches, how much it allows, over which window; the window completes
 * the limit. Confined to one thread.
 */
public final class LimitBuilder {
  private final String name;
  private final Map<Dimension, Match> who = new TreeMap<>();

  LimitBuilder(String name) {
    this.name = Check.name("limit name", name);
  }

  /** Watches only calls whose value of {@code dimension} satisfies {@code match}. */
  public LimitBuilder where(Dimension dimension, Match match) {
    who.put(dimension, match);
    return this;
  }

  /** Watches one model. */
  public LimitBuilder model(String model) {
    return where(Dimension.MODEL, Match.is(model));
  }

  /** Watches models whose name starts like this. */
  public LimitBuilder modelPrefix(String prefix) {
    return where(Dimension.MODEL, Match.prefix(prefix));
  }

  /** Counts every model apart. */
  public LimitBuilder eachModel() {
    return where(Dimension.MODEL, Match.each());
  }

  /** Watches one provider. */
  public LimitBuilder provider(String provider) {
    return where(Dimension.PROVIDER, Match.is(provider));
  }

  /** Watches one project. */
  public LimitBuilder project(String project) {
    return where(Dimension.PROJECT, Match.is(project));
  }

  /** Watches projects whose name starts like this. */
  public LimitBuilder projectPrefix(String prefix) {
    return where(Dimension.PROJECT, Match.prefix(prefix));
  }

  /** Counts every project apart. */
  public LimitBuilder eachProject() {
    return where(Dimension.PROJECT, Match.each());
  }

  /** Watches only usage without a project. */
  public LimitBuilder noProject() {
    return where(Dimension.PROJECT, Match.absent());
  }

  /** Watches one user. */
  public LimitBuilder user(String user) {
    return where(Dimension.USER, Match.is(user));
  }

  /** Watches users whose name starts like this, all together. */
  public LimitBuilder userPrefix(String prefix) {
    return where(Dimension.USER, Match.prefix(prefix));
  }

  /** Counts every user apart: "each user gets". */
  public LimitBuilder eachUser() {
    return where(Dimension.USER, Match.each());
  }

  /** Watches only usage without a user. */
  public LimitBuilder noUser() {
    return where(Dimension.USER, Match.absent());
  }

  /** Watches one application or feature. */
  public LimitBuilder caller(String caller) {
    return where(Dimension.CALLER, Match.is(caller));
  }

  /** Counts every application or feature apart. */
  public LimitBuilder eachCaller() {
    return where(Dimension.CALLER, Match.each());
  }

  /** Watches one session. */
  public LimitBuilder session(String session) {
    return where(Dimension.SESSION, Match.is(session));
  }

  /** Counts every session apart. */
  public LimitBuilder eachSession() {
    return where(Dimension.SESSION, Match.each());
  }

  /** Watches usage with this tag. */
  public LimitBuilder tag(String tag, String value) {
    return where(Dimension.tag(tag), Match.is(value));
  }

  /** Allows so many calls. */
  public Allowance requests(long maximum) {
    return new Allowance(Metric.REQUESTS, maximum);
  }

  /** Allows so many input tokens, cached ones included. */
  public Allowance inputTokens(long maximum) {
    return new Allowance(Metric.INPUT_TOKENS, maximum);
  }

  /** Allows so many output tokens, reasoning included. */
  public Allowance outputTokens(long maximum) {
    return new Allowance(Metric.OUTPUT_TOKENS, maximum);
  }

  /** Allows so many input and output tokens together. */
  public Allowance totalTokens(long maximum) {
    return new Allowance(Metric.TOTAL_TOKENS, maximum);
  }

  /** Allows so many input tokens that were not read from a cache. */
  public Allowance uncachedInputTokens(long maximum) {
    return new Allowance(Metric.UNCACHED_INPUT_TOKENS, maximum);
  }

  /**
   * Allows so many tokens, each counted by its weight.
   *
   * @param maximum whole tokens of weight 1
   */
  public Allowance weightedTokens(long maximum, TokenWeights weights) {
    Check.range(
        "maximum of limit \"" + name + "\"",
        maximum,
        0,
        Limit.MAX_AMOUNT / TokenWeights.THOUSANDTHS);
    return new Allowance(
        Metric.WEIGHTED_TOKENS,
        maximum * TokenWeights.THOUSANDTHS,
        Objects.requireNonNull(weights));
  }

  /** Allows so much money. */
  public Allowance cost(Cost maximum) {
    return new Allowance(Metric.COST, maximum.nanos());
  }

  /** Allows so many calls under way at once; what they consume does not matter. */
  public Limit concurrentCalls(long maximum) {
    return new Allowance(Metric.CONCURRENT, maximum).over(new Window.Now());
  }

  /** Allows so many units of {@code metric}, which must not be one that needs weights. */
  public Allowance of(Metric metric, long maximum) {
    return new Allowance(metric, maximum);
  }

  /**
   * Allows so many units of {@code metric}.
   *
   * @param weights for WEIGHTED_TOKENS, else null
   */
  public Allowance of(Metric metric, long maximum, @Nullable TokenWeights weights) {
    return new Allowance(metric, maximum, weights);
  }

  /**
   * An exemption: lifts limits on {@code metric} from the calls it watches, where it constrains
   * every dimension that they constrain at least as tightly.
   */
  public Limit unlimited(Metric metric) {
    return build(metric, Limit.UNLIMITED, new Window.Lifetime(), null);
  }

  private Limit build(Metric metric, long maximum, Window window, @Nullable TokenWeights weights) {
    return new Limit(
        name,
        who,
        metric,
        maximum,
        window,
        LimitAction.DENY,
        new TreeSet<>(),
        OutagePolicy.FAIL_CLOSED,
        UnpricedPolicy.DENY,
        null,
        weights);
  }

  /** An allowance that still needs its window. Confined to one thread. */
  public final class Allowance {
    private final Metric metric;
    private final long maximum;
    private final @Nullable TokenWeights weights;

    private Allowance(Metric metric, long maximum) {
      this(metric, maximum, null);
    }

    private Allowance(Metric metric, long maximum, @Nullable TokenWeights weights) {
      this.metric = metric;
      this.weights = weights;
      this.maximum = Check.range("maximum of limit \"" + name + "\"", maximum, 0, Limit.MAX_AMOUNT);
    }

    /** Allows the amount in any stretch of this length. */
    public Limit rolling(Duration length) {
      return over(new Window.Rolling(length));
    }

    /** Allows the amount in any stretch of so many months. */
    public Limit rollingMonths(int months) {
      return over(new Window.RollingMonths(months));
    }

    /**
     * Allows the amount in each window of {@code count} units, which begin and end where the zone's
     * calendar says.
     */
    public Limit calendar(int count, CalendarUnit unit, ZoneId zone) {
      return over(new Window.Calendar(count, unit, zone));
    }

    /** Allows the amount once for all time. */
    public Limit lifetime() {
      return over(new Window.Lifetime());
    }

    /** Allows the amount in {@code window}. */
    public Limit over(Window window) {
      return build(metric, maximum, window, weights);
    }
  }
}
