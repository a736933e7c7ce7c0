package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TimeRange;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Audit entries are appended, never changed, and read newest first. */
public abstract class AuditLogContract extends BackendContract {
  private static final Instant START = ManualClock.START;
  private static final Attribution SOMEBODY =
      new Attribution("search", "alice", "ranker", "s1", Map.of());

  @Test
  final void everyFieldComesBack() {
    Instant at = START.plusNanos(123_456_000);
    AuditEntry full =
        new AuditEntry(
            newId(at),
            at,
            AuditEntry.PROMPT,
            "o'actor",
            "ok",
            "gpt-5-mini",
            SOMEBODY,
            newId(at),
            "chatcmpl-1",
            "line\nline '\"\\ \ud83d\ude80".repeat(5_000),
            "",
            Map.of("k'", "v\u00e4"),
            Map.of("prompt.cut", 999_999_999_999L, "response.repaired", 1L));

    append(List.of(full));

    assertThat(find(all())).containsExactly(full);
    assertThat(reopen().audit().find(all())).containsExactly(full);
  }

  @Test
  final void whatIsAbsentStaysAbsent() {
    AuditEntry bare = event(START, Attribution.NONE);

    append(List.of(bare));

    assertThat(find(all())).containsExactly(bare);
  }

  @Test
  final void tagsAreNotKept() {
    append(List.of(event(START, SOMEBODY.withTag("team", "blue"))));

    assertThat(find(all())).singleElement().extracting(AuditEntry::attribution).isEqualTo(SOMEBODY);
  }

  /** Scenario 39. */
  @Test
  final void anInstantIsTheSameInWhateverZoneItWasStated() {
    Instant noon = OffsetDateTime.parse("2026-03-02T12:00:00+02:00").toInstant();
    append(List.of(event(noon, SOMEBODY)));

    assertThat(find(all()).get(0).at()).isEqualTo(Instant.parse("2026-03-02T10:00:00Z"));
    assertThat(find(all().in(new TimeRange(noon, noon.plusNanos(1_000))))).hasSize(1);
    assertThat(find(all().in(new TimeRange(noon.plusNanos(1_000), noon.plusSeconds(1))))).isEmpty();
    assertThat(find(all().in(new TimeRange(noon.minusSeconds(1), noon)))).isEmpty();
  }

  /** Scenario 39. */
  @Test
  final void entriesAreReadNewestFirstTiesById() {
    List<AuditEntry> entries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      entries.add(event(START.plusNanos(i / 2 * 1_000L), SOMEBODY));
    }
    appendShuffled(entries);

    Collections.reverse(entries);
    assertThat(find(all())).isEqualTo(entries);
    assertThat(find(AuditQuery.latest(3))).isEqualTo(entries.subList(0, 3));
  }

  @Test
  final void pagesFollowOneAnotherWithoutGapOrRepetition() {
    List<AuditEntry> entries = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      entries.add(event(START.plusNanos(i / 4 * 1_000L), SOMEBODY));
    }
    appendShuffled(entries);
    Collections.reverse(entries);

    List<AuditEntry> read = new ArrayList<>();
    for (List<AuditEntry> page = find(AuditQuery.latest(4));
        !page.isEmpty();
        page = find(AuditQuery.latest(4).after(page.get(page.size() - 1).id()))) {
      read.addAll(page);
    }

    assertThat(read).isEqualTo(entries);
  }

  @Test
  final void nothingFollowsAnUnknownEntry() {
    append(List.of(event(START, SOMEBODY)));
    append(List.of());

    assertThat(find(AuditQuery.latest(4).after(newId(START.plusSeconds(9))))).isEmpty();
  }

  /** Scenario 39: each part of a query narrows it. */
  @Test
  final void everyPartOfAQueryNarrowsIt() {
    UUID usage = newId(START);
    AuditEntry meant = entry("prompt", SOMEBODY, "m", usage);
    append(
        List.of(
            meant,
            entry("response", SOMEBODY, "m", usage),
            entry("prompt", SOMEBODY.withCaller("other"), "m", usage),
            entry("prompt", SOMEBODY.withProject("other"), "m", usage),
            entry("prompt", SOMEBODY.withUser("other"), "m", usage),
            entry("prompt", SOMEBODY.withSession("other"), "m", usage),
            entry("prompt", SOMEBODY, "other", usage),
            entry("prompt", SOMEBODY, "m", newId(START)),
            entry("prompt", Attribution.NONE, null, null)));

    TimeRange period = TimeRange.always();
    AuditQuery exact =
        new AuditQuery(period, "prompt", "ranker", "search", "alice", "m", "s1", usage, null, 100);

    assertThat(find(exact)).containsExactly(meant);
    for (AuditQuery wider :
        List.of(
            new AuditQuery(period, null, "ranker", "search", "alice", "m", "s1", usage, null, 9),
            new AuditQuery(period, "prompt", null, "search", "alice", "m", "s1", usage, null, 9),
            new AuditQuery(period, "prompt", "ranker", null, "alice", "m", "s1", usage, null, 9),
            new AuditQuery(period, "prompt", "ranker", "search", null, "m", "s1", usage, null, 9),
            new AuditQuery(
                period, "prompt", "ranker", "search", "alice", null, "s1", usage, null, 9),
            new AuditQuery(
                period, "prompt", "ranker", "search", "alice", "m", null, usage, null, 9),
            new AuditQuery(
                period, "prompt", "ranker", "search", "alice", "m", "s1", null, null, 9))) {
      assertThat(find(wider)).as("%s", wider).hasSize(2).contains(meant);
    }
  }

  @Test
  final void theSameEntryAgainChangesNothing() {
    AuditEntry entry = event(START, SOMEBODY);
    AuditEntry more = event(START.plusSeconds(1), SOMEBODY);
    append(List.of(entry));

    append(List.of(entry, more, more));

    assertThat(find(all())).containsExactly(more, entry);
  }

  @Test
  final void anotherEntryUnderTheSameIdIsRefusedWithItsWholeBatch() {
    AuditEntry entry = event(START, SOMEBODY);
    append(List.of(entry));
    AuditEntry other =
        AuditEntry.admin(entry.id(), entry.at(), "changed", Map.of("limit", "alice hourly"));

    assertRejected(List.of(event(START, SOMEBODY), other));

    assertThat(find(all())).containsExactly(entry);
  }

  @Test
  final void twoEntriesUnderOneIdAreRefusedInOneBatchToo() {
    AuditEntry entry = event(START, SOMEBODY);

    assertRejected(List.of(entry, AuditEntry.admin(entry.id(), START, "changed", Map.of())));

    assertThat(find(all())).isEmpty();
  }

  private void assertRejected(List<AuditEntry> entries) {
    assertThatThrownBy(() -> append(entries))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.REJECTED));
  }

  @Test
  final void manyThreadsOfTwoInstancesAppendAllTheirEntries() {
    List<AuditLog> logs = List.of(log(), another().audit());

    ParallelRun.of(
        8,
        thread ->
            () -> {
              for (int i = 0; i < 20; i++) {
                append(logs.get(thread % 2), List.of(event(START, SOMEBODY)));
              }
              return true;
            });

    assertThat(find(all())).hasSize(160);
  }

  private void appendShuffled(List<AuditEntry> entries) {
    List<AuditEntry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, new Random(1));
    append(shuffled);
  }

  private static AuditEntry event(Instant at, Attribution who) {
    return new AuditEntry(
        newId(at),
        at,
        AuditEntry.EVENT,
        null,
        null,
        null,
        who,
        null,
        null,
        null,
        null,
        Map.of(),
        Map.of());
  }

  private static AuditEntry entry(
      String type, Attribution who, @Nullable String model, @Nullable UUID usage) {
    return new AuditEntry(
        newId(START),
        START,
        type,
        null,
        null,
        model,
        who,
        usage,
        null,
        null,
        null,
        Map.of(),
        Map.of());
  }

  private static AuditQuery all() {
    return AuditQuery.latest(1_000);
  }

  private List<AuditEntry> find(AuditQuery query) {
    return log().find(query);
  }

  private void append(List<AuditEntry> entries) {
    append(log(), entries);
  }

  private static void append(AuditLog log, List<AuditEntry> entries) {
    log.append(entries.stream().map(SealedEntry::unsealed).toList());
  }

  private AuditLog log() {
    return backend().audit();
  }
}
