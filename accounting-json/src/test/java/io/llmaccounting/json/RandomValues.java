package io.llmaccounting.json;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.ErasedContent;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values by chance, the same for the same seed. */
final class RandomValues {
  private static final List<String> NAMES =
      List.of(
          "a", "is each", "äöü ß", "漢字", "🚀", "quote \" back \\ slash", "tab\tand\nline", "{}");
  private static final List<String> WINDOWS =
      List.of(
          "rolling PT1M",
          "rolling P30D",
          "calendar 1 DAY UTC",
          "calendar 3 MONTH Europe/Berlin",
          "lifetime");

  /** All but CONCURRENT, whose limits have a window of their own and no alerts. */
  private static final List<Metric> METRICS =
      Stream.of(Metric.values()).filter(metric -> metric != Metric.CONCURRENT).toList();

  final Random random;

  RandomValues(long seed) {
    random = new Random(seed);
  }

  Limit limit() {
    Metric metric = METRICS.get(random.nextInt(METRICS.size()));
    TreeSet<Integer> alerts = new TreeSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      alerts.add(1 + random.nextInt(100));
    }
    Window window = Window.parse(WINDOWS.get(random.nextInt(WINDOWS.size())));
    boolean exempt = random.nextInt(8) == 0;
    Limit limit =
        new Limit(
            name(),
            who(),
            metric,
            exempt ? Limit.UNLIMITED : random.nextLong(1L << 40),
            window,
            exempt ? LimitAction.DENY : LimitAction.values()[random.nextInt(2)],
            exempt ? new TreeSet<>() : alerts,
            random.nextBoolean() ? new OutagePolicy(0) : new OutagePolicy(random.nextInt(1_000)),
            random.nextBoolean()
                ? UnpricedPolicy.DENY
                : UnpricedPolicy.charge(Cost.ofNanos(1 + random.nextInt(1_000_000_000))),
            null,
            metric == Metric.WEIGHTED_TOKENS && !exempt ? TokenWeights.of("1", "4.5") : null);
    boolean leasable =
        !exempt
            && limit.action() == LimitAction.DENY
            && (window instanceof Window.Lifetime || window instanceof Window.RollingMonths);
    return leasable && random.nextBoolean() ? limit.leased(Duration.ofSeconds(7)) : limit;
  }

  LimitSetDiff limitSetDiff() {
    Map<String, LimitChange> changes = new TreeMap<>();
    Map<String, String> takenOver = new TreeMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      Limit limit = limit();
      Limit other = random.nextBoolean() ? limit : limit.onUnpriced(UnpricedPolicy.ADMIT);
      LimitChange change =
          switch (random.nextInt(3)) {
            case 0 -> new LimitChange(null, limit);
            case 1 -> new LimitChange(limit, null);
            default -> new LimitChange(limit, other);
          };
      changes.put(limit.name(), change);
      if (change.before() != null && change.after() != null && random.nextBoolean()) {
        takenOver.put(limit.name(), random.nextBoolean() ? "" : name());
      }
    }
    return new LimitSetDiff(name(), List.copyOf(changes.values()), new TreeMap<>(takenOver));
  }

  Map<Dimension, Match> who() {
    Map<Dimension, Match> who = new TreeMap<>();
    Stream.of(Dimension.USER, Dimension.MODEL, Dimension.tag(name()))
        .filter(dimension -> random.nextBoolean())
        .forEach(dimension -> who.put(dimension, match()));
    return who;
  }

  private Match match() {
    return switch (random.nextInt(3)) {
      case 0 -> Match.is(name());
      case 1 -> Match.prefix("g");
      default -> Match.absent();
    };
  }

  Decision decision() {
    if (random.nextBoolean()) {
      return new Decision.Denied(
          Stream.generate(this::exceeded).limit(1 + random.nextInt(3)).toList(), instant());
    }
    return new Decision.Admitted(
        Stream.generate(this::status).limit(random.nextInt(3)).toList(),
        Stream.generate(this::exceeded).limit(random.nextInt(2)).toList());
  }

  private Exceeded exceeded() {
    return new Exceeded(
        status(),
        random.nextLong(1L << 50),
        Exceeded.Reason.values()[random.nextInt(3)],
        maybe(this::instant),
        random.nextInt(3));
  }

  private LimitStatus status() {
    return new LimitStatus(
        limit(),
        random.nextBoolean() ? "" : "user=" + name(),
        instant(),
        random.nextInt(9) == 0 ? Long.MAX_VALUE : random.nextLong(1L << 50),
        random.nextLong(1L << 50),
        maybe(this::range),
        random.nextBoolean()
            ? Duration.ZERO
            : Duration.of(random.nextInt(1 << 30), ChronoUnit.MICROS),
        random.nextInt(3),
        maybe(this::instant));
  }

  SealedEntry entry() {
    Instant at = instant();
    AuditEntry entry =
        new AuditEntry(
            UsageId.create(at, random),
            at,
            name(),
            maybe(this::name),
            maybe(this::name),
            maybe(this::name),
            new Attribution(
                maybe(this::name), maybe(this::name), null, maybe(this::name), Map.of()),
            maybe(this::id),
            maybe(this::name),
            maybe(this::name),
            maybe(this::name),
            random.nextBoolean() ? Map.of() : Map.of(name(), name()),
            random.nextBoolean() ? Map.of() : Map.of(name(), random.nextLong(1L << 39)));
    return new SealedEntry(entry, maybe(this::seal));
  }

  private Seal seal() {
    String hash = "0123456789abcdef".repeat(4);
    return new Seal(
        id(),
        1 + random.nextInt(1_000),
        1,
        maybe(this::name),
        hash,
        maybe(() -> hash.substring(32)),
        maybe(() -> new ErasedContent(hash, id())));
  }

  DirectoryEntry directoryEntry() {
    return new DirectoryEntry(
        DirectoryEntry.Kind.values()[random.nextInt(2)],
        name(),
        maybe(this::name),
        null,
        true,
        maybe(this::instant),
        null);
  }

  DenialCount denial() {
    return new DenialCount(
        name(),
        name(),
        instant().truncatedTo(ChronoUnit.MINUTES),
        1 + random.nextInt(100),
        random.nextLong(1L << 50),
        name());
  }

  Alert alert() {
    return new Alert(
        id(), name(), name(), 1 + random.nextInt(100), instant(), random.nextInt(9), 1_000);
  }

  UUID id() {
    return UsageId.create(instant(), random);
  }

  Instant instant() {
    return Instant.EPOCH.plus(random.nextLong(1L << 51), ChronoUnit.MICROS);
  }

  TimeRange range() {
    Instant from = instant();
    return new TimeRange(from, from.plus(1 + random.nextInt(1 << 30), ChronoUnit.MICROS));
  }

  String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextInt(3) > 0 ? value.get() : null;
  }
}
