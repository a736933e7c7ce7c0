package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.recording.Buffering.WhenFull;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * faults G10: random calls, repetitions, conflicts, better figures, holds that expire, outages,
 * commits without an answer, full disks, errors of the machine, and an end at any moment: every
 * call that was handed over is in one place, and every count of health is what is there. {@code
 * -Dhealth.seeds} plays more histories than a build has time for.
 */
public class AddsUpAcceptance extends OutageTest {
  private static final int SEEDS = Integer.getInteger("health.seeds", 1);
  private static final int STEPS = 120;
  private static final CallRequest REQUEST = CallRequest.to("m").inputTokens(5).maxOutputTokens(5);
  private static final Buffering SMALL =
      Buffering.DEFAULTS.mostRecords(20).flushAt(5, Duration.ofMillis(2)).whenFull(WhenFull.REJECT);

  /** What its callers were told of a record. */
  private record Told(UUID id, String answer) {}

  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final List<Usage> known = new ArrayList<>();
  private final List<HeldCall> held = new ArrayList<>();
  private LlmAccounting accounting;
  private Random random;
  private long denials;

  @ParameterizedTest
  @CsvSource({"durable", "spooled", "buffered", "both", "always"})
  @DisplayName("faults G10: whatever happens, what was handed over adds up")
  final void whateverHappensItAddsUp(String way) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      play(way, seed);
      told.clear();
      known.clear();
      held.clear();
      handled.clear();
    }
  }

  private UnaryOperator<LlmAccountingBuilder> settings(String way) {
    return builder ->
        switch (way) {
          case "spooled" -> builder.spool(spool());
          case "buffered" -> builder.buffered(SMALL);
          case "both" -> builder.buffered(SMALL).spool(spool());
          case "always" -> builder.spoolAlways(spool());
          default -> builder;
        };
  }

  private void play(String way, int seed) {
    random = new Random(seed * 31L + way.hashCode());
    denials = 0;
    save(Limit.named("many").requests(1_000_000).lifetime());
    save(Limit.named("none").user("poor").requests(0).lifetime());
    Set<UUID> before = Set.copyOf(storedIds());
    accounting =
        fragile(
            builder ->
                settings(way)
                    .apply(
                        builder
                            .timeout(Duration.ofMillis(400))
                            .closeTimeout(Duration.ofMillis(600))));
    try {
      for (int step = 0; step < STEPS; step++) {
        step();
      }
      boolean inOutage = random.nextBoolean();
      if (!inOutage) {
        mendAll();
        eventually("nothing waits", () -> accounting.health().isWell());
      }
      close();
      mendAll();
      assertCountsAreReal("%s, seed %d".formatted(way, seed), before, inOutage);
    } finally {
      store().recover();
    }
    drainWithAnother();
    assertEachIsInOnePlace("%s, seed %d".formatted(way, seed));
  }

  private void mendAll() {
    store().recover();
    spool().recover();
    spool().freeDisk();
  }

  private void close() {
    try {
      accounting.close();
    } catch (RuntimeException e) {
      // told to the handler too, where it is of records
    }
  }

  private void step() {
    switch (random.nextInt(18)) {
      case 0 -> store().breakDown();
      case 1 -> store().loseNextAnswer();
      case 2 -> store().throwOnce(new StackOverflowError("as the test asked"));
      case 3 -> spool().fillDisk();
      case 4, 5, 6 -> mendAll();
      case 7 -> clock.advance(Duration.ofSeconds(random.nextInt(4)));
      case 8 -> reserve("poor");
      case 9, 10 -> reserve("rich");
      case 11 -> settle();
      case 12 -> repeat();
      case 13 -> contradict();
      case 14 -> improve();
      default -> track(call().usage());
    }
  }

  private CallFixture call() {
    CallFixture call = aCall().tokens(1, 1).at(clock.instant());
    if (random.nextInt(3) == 0) {
      call.costing("0.01");
    }
    if (random.nextInt(4) == 0) {
      call.source(TokenSource.PARTIAL);
    }
    return call;
  }

  private void track(Usage usage) {
    known.add(usage);
    tell(usage.id(), () -> accounting.track(usage));
  }

  private Usage any() {
    return known.isEmpty() ? call().usage() : known.get(random.nextInt(known.size()));
  }

  private void repeat() {
    track(any());
  }

  private void contradict() {
    Usage usage = any();
    track(aCall().id(usage.id()).on("another").tokens(7, 7).at(usage.occurredAt()).usage());
  }

  private void improve() {
    Usage usage = any();
    track(aCall().id(usage.id()).on(usage.model()).tokens(9, 9).at(usage.occurredAt()).usage());
  }

  private void reserve(String user) {
    try {
      Reservation reservation =
          accounting
              .quotas()
              .reserve(REQUEST.user(user).holdFor(Duration.ofSeconds(2 + random.nextInt(3))));
      reservation.hold().ifPresentOrElse(held::add, () -> denials++);
    } catch (BackendException e) {
      assertThat(e.kind()).isNotEqualTo(BackendException.Kind.REJECTED);
    }
  }

  private void settle() {
    if (!held.isEmpty()) {
      HeldCall one = held.get(random.nextInt(held.size()));
      tell(one.id(), () -> one.settle(TokenUsage.of(2, 2)));
    }
  }

  private void tell(UUID id, Supplier<Receipt> work) {
    try {
      told.add(new Told(id, work.get().status().name()));
    } catch (UsageConflictException e) {
      told.add(new Told(id, "CONFLICT"));
    } catch (SpoolFullException e) {
      told.add(new Told(id, "REJECTED"));
    } catch (BackendException e) {
      boolean full = String.valueOf(e.getMessage()).contains("buffer is full");
      told.add(new Told(id, full ? "REJECTED" : "UNKNOWN"));
    }
  }

  private long told(String answer) {
    return told.stream().filter(one -> one.answer().equals(answer)).count();
  }

  private void assertCountsAreReal(String when, Set<UUID> before, boolean endedInOutage) {
    Health health = accounting.health();
    Health.Counts counts = health.counts();
    List<RecordedUsage> records =
        backend().usage().latest(UsageQuery.latest(100_000)).stream()
            .filter(one -> !before.contains(one.usage().id()))
            .toList();
    assertThat(List.of(counts.lost(), counts.rejected(), counts.denied()))
        .as(when)
        .isEqualTo(List.of(toldLost(), told("REJECTED"), denials));
    if (endedInOutage) {
      // what the last commits without an answer have stored, nobody could ask any more
      assertThat(counts.recorded()).as(when).isLessThanOrEqualTo(records.size());
    } else {
      assertThat(figures(counts)).as(when).isEqualTo(figures(records));
    }
    assertThat(counts.spooled() - counts.replayed() - counts.deadLettered())
        .as(when)
        .isEqualTo(health.spool().records());
    assertThat(counts.contained()).as(when).isGreaterThanOrEqualTo(handled.size());
    assertThat(counts.conflicts()).as(when).isGreaterThanOrEqualTo(told("CONFLICT"));
    assertThat(counts.duplicates()).as(when).isGreaterThanOrEqualTo(told("DUPLICATE"));
  }

  private static List<Long> figures(Health.Counts counts) {
    return List.of(
        counts.recorded(),
        counts.unpriced(),
        counts.estimated(),
        counts.late(),
        counts.superseded());
  }

  private List<Long> figures(List<RecordedUsage> records) {
    return List.of(
        (long) records.size(),
        records.stream().filter(one -> one.usage().cost().isEmpty()).count(),
        records.stream().filter(one -> one.usage().source() == TokenSource.ESTIMATED).count(),
        records.stream().filter(RecordedUsage::late).count(),
        corrections(records));
  }

  private long corrections(List<RecordedUsage> records) {
    Set<UUID> ids = records.stream().map(one -> one.usage().id()).collect(Collectors.toSet());
    return backend().usage().adjustments(ids).values().stream().mapToLong(List::size).sum();
  }

  private long toldLost() {
    return handled.stream()
        .filter(UsageLostException.class::isInstance)
        .mapToLong(error -> ((UsageLostException) error).count())
        .sum();
  }

  // what waits in the spool is brought to the store by the next process
  private void drainWithAnother() {
    restartSpool();
    try (LlmAccounting next = fragile(builder -> builder.spool(spool()))) {
      eventually("the spool is empty", () -> next.health().spool().records() == 0);
    }
    restartSpool();
  }

  private void assertEachIsInOnePlace(String when) {
    Set<UUID> stored = Set.copyOf(storedIds());
    Set<UUID> dead = new HashSet<>();
    for (DeadLetter letter : spool().deadLetters().list(0, 10_000)) {
      dead.add(letter.call().usage().id());
    }
    Set<UUID> lost =
        handled.stream()
            .filter(UsageLostException.class::isInstance)
            .flatMap(error -> ((UsageLostException) error).firstIds().stream())
            .collect(Collectors.toSet());
    for (Told one : told) {
      boolean acknowledged =
          Arrays.asList("RECORDED", "DUPLICATE", "SUPERSEDED", "BUFFERED", "SPOOLED")
              .contains(one.answer());
      if (acknowledged) {
        assertThat(stored.contains(one.id()) || dead.contains(one.id()) || lost.contains(one.id()))
            .as("%s: %s", when, one)
            .isTrue();
      }
    }
    assertThat(spool().read(0, 10)).as(when).isEqualTo(List.<SpoolEntry>of());
  }
}
