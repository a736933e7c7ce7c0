package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.UsageQuery;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * faults G10: what each attack moves in the counts of health, by how much, and nothing else; and
 * that this is what is in the store, in the spool, among the dead letters and with the handler.
 */
@Tag("engine")
public class HealthAcceptance extends HealthAttacks {
  private static final Duration MOMENT = Duration.ofMillis(300);

  /**
   * What happens, and what it moves.
   *
   * @param counts those that are not 0, in the order of {@link Health.Counts}
   */
  private record Row(String attack, Consumer<HealthAcceptance> happens, String counts) {
    @Override
    public String toString() {
      return attack + ": " + counts;
    }
  }

  private static Row row(String attack, Consumer<HealthAcceptance> happens, String counts) {
    return new Row(attack, happens, counts);
  }

  static Stream<Row> rows() {
    return Stream.of(recording(), calls(), memory(), outages(), lostAnswers(), others())
        .flatMap(rows -> rows);
  }

  private static Stream<Row> recording() {
    return Stream.of(
        row("a call", it -> it.keep(call()), "recorded 1"),
        row("a call without a cost", it -> it.keep(aCall()), "recorded 1, unpriced 1"),
        row("A2 record() again", HealthAcceptance::recordAgain, "recorded 1, duplicates 1"),
        row("A3 another call under a key", it -> it.conflict(), "recorded 1, conflicts 1"),
        row(
            "A3 the same where calls go on",
            it -> it.goingOn().conflictGoingOn(),
            "recorded 1, conflicts 1, contained 1"),
        row(
            "many, of which one is there and one too old",
            HealthAcceptance::trackMany,
            "recorded 1, duplicates 1, conflicts 1, rejected 1"),
        row("a call behind the purge", it -> it.tooOld(), "rejected 1"),
        row(
            "a call behind the purge, from memory",
            it -> it.buffered().tooOldLater(),
            "lost 1, contained 1"));
  }

  private static Stream<Row> calls() {
    return Stream.of(
        row("A1 a key given to begin again", it -> it.beginAgain(), "recorded 1, duplicates 1"),
        row(
            "A4 figures after a cancel",
            it -> it.figuresLater(),
            "recorded 1, superseded 1, estimated 1"),
        row("A5 a stream that is cut", it -> it.cut(), "recorded 1, unpriced 1, estimated 1"),
        row(
            "A5 a hold that expires",
            it -> it.expire(),
            "recorded 1, late 1, estimated 1, expired 1"),
        row(
            "A5 the end of a call whose hold has expired",
            HealthAcceptance::endAfterExpiry,
            "recorded 1, superseded 1, late 1, estimated 1, expired 1"),
        row("A6 what the model throws", HealthAcceptance::modelThrows, "recorded 1, unpriced 1"),
        row("A7 a stream without room", HealthAcceptance::outgrow, "recorded 1, denied 1"),
        row("A8 a settle that contradicts", HealthAcceptance::contradict, ""),
        row("B1 a call without room", HealthAcceptance::deny, "denied 1"),
        row("B7 denials from memory", HealthAcceptance::denyOften, "denied 100"),
        row("G9 more subjects than are told apart", it -> it.denyMany(), "denied 4, unnamed 3"));
  }

  private static Stream<Row> memory() {
    return Stream.of(
        row("a call in memory", it -> it.buffered().trackFlushing(call()), "recorded 1"),
        row("memory that is full", HealthAcceptance::fillMemory, "recorded 1, rejected 1"),
        row("A10 a refused record", it -> it.buffered().poison(), "lost 1, contained 1"),
        row(
            "A10 a handler that overflows",
            it -> it.failingHandler(it::overflow).poison(),
            "lost 1, contained 2"),
        row(
            "A10 a handler that throws what is checked",
            it -> it.failingHandler(() -> sneak(new IOException("pager"))).poison(),
            "lost 1, contained 2"),
        row(
            "A10 an error of the machine in the store",
            HealthAcceptance::machineError,
            "recorded 1, contained 1"),
        row(
            "closing without an answer, and no spool",
            it -> it.open(b -> b.buffered(PATIENT).closeTimeout(MOMENT)).closeAway(),
            "lost 2, contained 2"),
        row(
            "closing without an answer, and a spool",
            it -> it.open(b -> b.buffered(PATIENT).spool(it.spool())).closeAway(),
            "spooled 2"));
  }

  private static Stream<Row> outages() {
    return Stream.of(
        row("C1 a call that is to wait for the store", it -> it.failAway(), ""),
        row("C1 the same where calls go on", it -> it.goingOn().goOnAway(), "contained 1"),
        row("C1 a limit in an outage", HealthAcceptance::denyAway, "denied 1"),
        row(
            "C1 into the spool and back",
            it -> it.spoolAndBack(),
            "recorded 1, spooled 1, replayed 1"),
        row(
            "C1 the same call twice through the spool",
            HealthAcceptance::spoolTwice,
            "recorded 1, duplicates 1, spooled 2, replayed 2"),
        row(
            "a record that the store refuses on its way back",
            HealthAcceptance::buryPoison,
            "spooled 1, deadLettered 1, contained 1"),
        row(
            "another call under a key on its way back",
            HealthAcceptance::buryConflict,
            "recorded 1, conflicts 1, spooled 2, replayed 1, deadLettered 1, contained 1"),
        row(
            "a call behind the purge on its way back",
            HealthAcceptance::buryTooOld,
            "spooled 1, deadLettered 1, contained 1"));
  }

  private static Stream<Row> lostAnswers() {
    return Stream.of(
        row("a commit without an answer", it -> it.losing().keep(call()), "recorded 1"),
        row(
            "a commit without an answer, from memory",
            it -> it.buffered().losing().trackFlushing(call()),
            "recorded 1"),
        row(
            "better figures without an answer",
            HealthAcceptance::loseFigures,
            "recorded 1, superseded 1, estimated 1"),
        row("an end without an answer", HealthAcceptance::loseEnd, "recorded 1"),
        row(
            "an expired hold without an answer, seen by a reader",
            HealthAcceptance::loseExpiryOfReader,
            "recorded 1, late 1, estimated 1, expired 1"),
        row(
            "an expired hold without an answer, seen by a writer",
            HealthAcceptance::loseExpiryOfWriter,
            "recorded 3, late 1, estimated 1, expired 1, contained 1"),
        row(
            "a commit without an answer at the begin of an outage",
            HealthAcceptance::loseAndSpool,
            "recorded 1, duplicates 1, spooled 1, replayed 1"),
        row(
            "the same without a spool, and nobody asks again",
            HealthAcceptance::loseAndForget,
            "recorded 1"));
  }

  private static Stream<Row> others() {
    return Stream.of(
        row(
            "a listener that fails",
            it -> it.failingListener(it::overflow).keep(call()),
            "recorded 1, contained 1"),
        row(
            "a listener that throws what is checked",
            it -> it.failingListener(() -> sneak(new IOException("chart"))).keep(call()),
            "recorded 1, contained 1"),
        row("C4 a change whose entry fails", HealthAcceptance::missAuditEntry, "contained 1"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  @DisplayName("faults G10: the counts of health are what happened")
  final void countsAreWhatHappened(Row row) {
    row.happens().accept(this);

    awaitCounts(row);
    assertAgreesWithReality();
    watched().close();
    assertThat(counts()).as("closed").isEqualTo(row.counts());
    assertAgreesWithReality();
  }

  // own threads may have some to count yet
  private void awaitCounts(Row row) {
    try {
      eventually("as expected", () -> counts().equals(row.counts()));
    } catch (AssertionError late) {
      assertThat(counts()).as(row.attack()).isEqualTo(row.counts());
    }
  }

  private String counts() {
    Health.Counts counts = watched().health().counts();
    List<String> shown = new ArrayList<>();
    for (RecordComponent component : Health.Counts.class.getRecordComponents()) {
      try {
        long count = (long) component.getAccessor().invoke(counts);
        if (count != 0) {
          shown.add(component.getName() + " " + count);
        }
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
    return String.join(", ", shown);
  }

  private void assertAgreesWithReality() {
    Health health = watched().health();
    Health.Counts counts = health.counts();
    List<RecordedUsage> records = backend().usage().latest(UsageQuery.latest(1_000));
    assertThat(counts.recorded()).as("in the store").isEqualTo(records.size());
    assertThat(counts.superseded()).isEqualTo(count(records, RecordedUsage::isAdjusted));
    assertThat(counts.late()).isEqualTo(count(records, RecordedUsage::late));
    assertThat(counts.estimated())
        .isEqualTo(count(records, one -> one.usage().source() == TokenSource.ESTIMATED));
    assertThat(counts.unpriced()).isEqualTo(count(records, one -> one.usage().cost().isEmpty()));
    assertThat(counts.denied()).as("told to listeners").isEqualTo(denied.get());
    eventually("listeners hear of the expired", () -> unfinished.size() == counts.expired());
    eventually("the handler hears of the lost", () -> toldLost() == counts.lost());
    assertThat(counts.spooled() - counts.replayed() - counts.deadLettered())
        .isEqualTo(health.spool().records());
    assertThat(counts.deadLettered()).isEqualTo(health.spool().deadLetters());
    assertThat(counts.contained()).isGreaterThanOrEqualTo(handled.size());
    assertThat(health.failure().isPresent()).isEqualTo(counts.contained() > 0);
  }

  private static long count(List<RecordedUsage> all, Predicate<RecordedUsage> one) {
    return all.stream().filter(one).count();
  }

  private long toldLost() {
    return handled.stream()
        .filter(UsageLostException.class::isInstance)
        .mapToLong(error -> ((UsageLostException) error).count())
        .sum();
  }
}
