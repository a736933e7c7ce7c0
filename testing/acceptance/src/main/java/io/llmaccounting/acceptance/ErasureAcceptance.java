package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.retention.Erasure;
import io.llmaccounting.retention.ErasureKind;
import io.llmaccounting.retention.ErasureReport;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import io.llmaccounting.usage.UsageReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A person's name gives way to a pseudonym, and nothing adds up to anything else. */
@DisplayName("faults F: erasing a person's data")
public class ErasureAcceptance extends OutageTest {
  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final Instant JANUARY = Instant.parse("2026-01-05T10:00:00Z");

  private Erasure erasure() {
    return accounting().admin().erase("alice").withKey(KEY).inBatchesOf(2);
  }

  private UsageReport totals(Dimension... by) {
    return accounting().report(TimeRange.always()).by(by).run();
  }

  @Test
  final void recordsTagsAndRollupsHoldThePseudonymAndNoTotalChanges() {
    for (int i = 0; i < 7; i++) {
      track(aCall().in("p" + i % 2).by(i % 3 == 0 ? "bob" : "alice").costing("0.01"));
    }
    Usage tagged = aCall().by("bob").tag("reviewer", "alice").tag("note", "for alice").usage();
    accounting().track(tagged);
    UsageReport before = totals(Dimension.PROJECT, Dimension.MODEL);

    ErasureReport preview = erasure().preview();
    ErasureReport erased = erasure().run();

    assertThat(erased.pseudonym()).matches("erased-[0-9a-f]{32}").isEqualTo(preview.pseudonym());
    assertThat(preview.changed(ErasureKind.USAGE)).isEqualTo(5);
    assertThat(erased.changed()).isEqualTo(preview.changed());
    assertThat(erased.changed(ErasureKind.USAGE)).isEqualTo(5);
    assertThat(totals(Dimension.PROJECT, Dimension.MODEL).rows()).isEqualTo(before.rows());
    assertThat(totals(Dimension.USER).rows())
        .extracting(row -> row.values().get(0) + " " + row.totals().calls())
        .containsExactlyInAnyOrder("bob 4", erased.pseudonym() + " 4");
    assertThat(stored(tagged.id()).usage().attribution().tags())
        .isEqualTo(Map.of("reviewer", erased.pseudonym(), "note", "for alice"));
    assertThat(erasure().preview().changed(ErasureKind.ROLLUPS)).isZero();
    assertThat(erasure().run().changed(ErasureKind.USAGE)).isZero();
  }

  @Test
  final void correctionsAndPurgedUsageFollow() {
    Usage old = aCall().by("alice").costing("0.5").at(JANUARY).usage();
    Usage unpriced = aCall().by("alice").on("m").tokens(3, 4).at(JANUARY.plusSeconds(60)).usage();
    accounting().trackAll(List.of(old, unpriced));
    accounting()
        .admin()
        .reprice(TimeRange.always())
        .by(call -> Optional.of(new PricedCost(Cost.usd("2"), "p")))
        .apply();
    save(Limit.named("life").eachUser().cost(Cost.usd("9")).lifetime());
    accounting().admin().purge(Instant.parse("2026-02-01T00:00:00Z")).only(UsageFilter.all()).run();
    track(aCall().by("alice").costing("1"));
    UsageReport before = totals(Dimension.MODEL);

    ErasureReport preview = erasure().preview();
    ErasureReport erased = erasure().run();

    assertThat(erased.changed()).isEqualTo(preview.changed());
    assertThat(erased.changed(ErasureKind.ROLLUPS)).isPositive();
    assertThat(totals(Dimension.MODEL).rows()).isEqualTo(before.rows());
    assertThat(totals(Dimension.USER).rows())
        .extracting(row -> row.values().get(0))
        .containsExactly(erased.pseudonym());
    assertThat(used("life", aCall().by(erased.pseudonym())))
        .isEqualTo(before.rows().stream().mapToLong(row -> row.totals().cost().nanos()).sum());
    assertThat(used("life", aCall().by("alice"))).isZero();
  }

  @Test
  final void limitsThatNameTheUserAndCountersFollow() {
    save(Limit.named("own").user("alice").requests(50).calendar(1, CalendarUnit.DAY, UTC));
    save(Limit.named("each").eachUser().requests(50).rolling(Duration.ofDays(1)));
    save(Limit.named("prefix").userPrefix("al").requests(50).lifetime());
    save(Limit.named("capped").eachUser().totalTokens(1_000_000).lifetime());
    save(
        Limit.named("lifted")
            .where(Dimension.USER, Match.prefix("alic"))
            .unlimited(Metric.TOTAL_TOKENS));
    save(Limit.named("all").requests(50).lifetime());
    track(5, aCall().by("alice").tokens(3, 4));
    track(2, aCall().by("alba").tokens(3, 4));

    ErasureReport erased = erasure().run();

    assertThat(erased.changed(ErasureKind.LIMITS)).isEqualTo(1);
    assertThat(used("own", aCall().by(erased.pseudonym()))).isEqualTo(5);
    assertThat(used("each", aCall().by(erased.pseudonym()))).isEqualTo(5);
    assertThat(used("each", aCall().by("alice"))).isZero();
    assertThat(used("prefix", aCall().by("alba"))).isEqualTo(2);
    assertThat(used("capped", aCall().by(erased.pseudonym()))).isEqualTo(35);
    assertThat(used("all", aCall())).isEqualTo(7);
    assertThat(accounting().limits().list())
        .filteredOn(limit -> limit.name().equals("own"))
        .allMatch(limit -> limit.who().containsValue(Match.is(erased.pseudonym())));
    assertNoTrace();
  }

  @Test
  final void denialsAlertsAndTheDirectoryFollow() {
    accounting().directory().add(DirectoryEntry.user("alice"));
    save(Limit.named("each").eachUser().requests(1).lifetime().alertingAt(100));
    track(aCall().by("alice"));
    reserve(aCall().by("alice"));
    reserve(aCall().by("alice"));

    save(Limit.named("own").user("alice").requests(0).lifetime());
    reserve(aCall().by("alice"));
    ErasureReport erased = erasure().run();

    assertThat(erased.changed())
        .containsEntry(ErasureKind.DIRECTORY, 1L)
        .containsEntry(ErasureKind.DENIALS, 2L)
        .containsEntry(ErasureKind.ALERTS, 1L);
    assertThat(backend().ledger().denials(TimeRange.always()))
        .extracting(denial -> denial.limit() + " " + denial.subject() + " " + denial.count())
        .containsExactlyInAnyOrder("each user=" + erased.pseudonym() + " 3", "own  1");
    assertThat(backend().ledger().alerts(false))
        .singleElement()
        .matches(alert -> alert.subject().equals("user=" + erased.pseudonym()));
    assertThat(accounting().directory().users()).isEmpty();
    assertNoTrace();
  }

  @Test
  final void aRepetitionUnderTheSameKeyIsRefusedAndBooksNothing() {
    Usage call = aCall().by("alice").key("job-1").costing("1").usage();
    accounting().track(call);
    erasure().run();

    assertThatThrownBy(
            () -> accounting().track(aCall().by("alice").key("job-1").costing("1").usage()))
        .isInstanceOf(UsageConflictException.class);

    assertThat(backend().usage().latest(UsageQuery.latest(9))).hasSize(1);
  }

  @Test
  final void holdsOfTheUserAreRefusedUntilTheyEnd() {
    save(Limit.named("each").eachUser().requests(9).lifetime());
    HeldCall held = hold(aCall().by("alice"));

    assertThatThrownBy(() -> erasure().run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the user has 1 open hold, held until ")
        .hasMessageContaining("nothing was erased");

    settle(held, aCall().by("alice"));
    assertThat(erasure().run().changed(ErasureKind.USAGE)).isEqualTo(1);
  }

  @Test
  final void aPreviewTellsOpenHoldsAndDoesNotFail() {
    track(2, aCall().by("alice"));
    hold(aCall().by("alice"));
    hold(aCall().by("alice"));
    hold(aCall().by("bob"));

    ErasureReport preview = erasure().preview();

    assertThat(preview.changed(ErasureKind.USAGE)).isEqualTo(2);
    assertThat(preview.obstacles())
        .singleElement()
        .asString()
        .contains("2 open holds, the last of them held until ", "release the holds");
    assertThat(accounting().admin().erase("carol").preview().obstacles()).isEmpty();
    assertThat(backend().usage().latest(UsageQuery.latest(9).only(UsageFilter.all().user("alice"))))
        .hasSize(2);
  }

  /** reading 9. */
  @Test
  final void aPreviewCountsWhatWaitsInMemory() {
    try (LlmAccounting buffering =
        fragile(
            settings ->
                settings.buffered(Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1))))) {
      buffering.track(aCall().by("alice").usage());

      ErasureReport preview = buffering.admin().erase("alice").preview();

      assertThat(preview.foundNothing()).isFalse();
      assertThat(preview.changed(ErasureKind.USAGE)).isEqualTo(1);
      assertThat(buffering.admin().erase("alice").run().changed(ErasureKind.USAGE)).isEqualTo(1);
    }
  }

  @Test
  final void recordsThatWaitInTheSpoolAreWaitedFor() {
    try (LlmAccounting spooling = fragile(settings -> settings.spool(spool()))) {
      breakDown(spooling);
      spooling.track(aCall().by("alice").usage());

      assertThatThrownBy(() -> spooling.admin().erase("alice").run())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("1 record waits in the spool");

      recover(spooling);
      assertThat(spooling.admin().erase("alice").run().changed(ErasureKind.USAGE)).isEqualTo(1);
    }
  }

  @Test
  final void aSpoolThatCannotTellWhatWaitsIsWaitedFor() {
    try (LlmAccounting spooling = fragile(settings -> settings.spool(spool()))) {
      spooling.track(aCall().by("alice").usage());
      spool().breakDown();

      assertThat(spooling.health().spool().isCurrent()).isFalse();
      assertThat(spooling.health().isWell()).isFalse();
      assertThatThrownBy(() -> spooling.admin().erase("alice").run())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the spool cannot tell whether records of the user wait in it")
          .hasMessageContaining("nothing was erased");
      ErasureReport preview = spooling.admin().erase("alice").preview();
      assertThat(preview.obstacles())
          .singleElement()
          .asString()
          .contains("the spool cannot tell whether records of the user wait in it");
      assertThat(preview.left())
          .containsExactly("the spool cannot tell whether dead letters in it may be the user's");

      spool().recover();
      assertThat(spooling.health().isWell()).isTrue();
      assertThat(spooling.admin().erase("alice").run().changed(ErasureKind.USAGE)).isEqualTo(1);
    }
  }

  @Test
  final void anErasureThatBrokeOffIsFinishedByTheNext() {
    save(Limit.named("each").eachUser().requests(50).lifetime());
    track(5, aCall().by("alice").costing("0.1"));
    String pseudonym = erasure().preview().pseudonym();
    NameChange change = new NameChange("alice", pseudonym, subject -> subject, text -> text);
    backend().maintenance().renaming().renameRecords(change, null, 2);
    assertThat(backend().maintenance().compareRollups()).isEmpty();
    assertThat(totals(Dimension.USER).rows())
        .extracting(row -> row.values().get(0) + " " + row.totals().calls())
        .containsExactlyInAnyOrder("alice 3", pseudonym + " 2");

    Thread.currentThread().interrupt();
    ErasureReport stopped = erasure().run();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.finished()).isFalse();
    ErasureReport rest = erasure().run();

    assertThat(rest.finished()).isTrue();
    assertThat(rest.changed(ErasureKind.USAGE)).isEqualTo(3);
    assertThat(used("each", aCall().by(pseudonym))).isEqualTo(5);
    assertNoTrace();
  }

  @Test
  final void withoutAKeyNobodyGetsTheSamePseudonymTwice() {
    String once = accounting().admin().erase("alice").preview().pseudonym();

    assertThat(accounting().admin().erase("alice").preview().pseudonym()).isNotEqualTo(once);
    assertThat(accounting().admin().erase("bob").withKey(KEY).preview().pseudonym())
        .isNotEqualTo(erasure().preview().pseudonym());
  }

  @Test
  final void oneErasureHasOnePseudonym() {
    track(aCall().by("alice"));
    Erasure erasure = accounting().admin().erase("alice");

    assertThat(erasure.preview().pseudonym()).isEqualTo(erasure.run().pseudonym());
  }

  /** A mistyped name must not look like an erasure, least of all in the audit log. */
  @Test
  final void aNameUnderWhichNothingIsStoredIsToldAndLeavesNoEntry() {
    track(aCall().by("alice"));
    int entries = backend().audit().scan(AuditScan.byId(1_000)).size();

    assertThat(accounting().admin().erase("alise").preview().foundNothing()).isTrue();
    assertThat(accounting().admin().erase("alise").run().foundNothing()).isTrue();
    assertThat(backend().audit().scan(AuditScan.byId(1_000))).hasSize(entries);
    assertThat(erasure().run().foundNothing()).isFalse();
    assertThat(backend().audit().scan(AuditScan.byId(1_000))).hasSizeGreaterThan(entries);
  }

  @Test
  final void whatIsNotTouchedIsTold() {
    save(Limit.named("cap of alice").user("alice").requests(50).lifetime());

    assertThat(erasure().preview().left())
        .containsExactly("the name of limit \"cap of alice\" holds it");
  }

  final void assertNoTrace() {
    List<String> all = new ArrayList<>();
    backend()
        .maintenance()
        .inspect(
            (LedgerSnapshot view) -> {
              all.add(view.counters().keySet().toString());
              all.add(view.bases().keySet().toString());
              all.add(view.holds().toString());
              view.limits().forEach(stored -> all.add(stored.limit().who().toString()));
              view.scan(Instant.EPOCH, record -> all.add(record.toString()));
              return true;
            });
    for (RecordedUsage record : backend().usage().latest(UsageQuery.latest(100))) {
      all.add(record.toString());
    }
    for (ScannedEntry entry : backend().audit().scan(AuditScan.byId(1_000))) {
      all.add(String.valueOf(entry.stored()));
    }
    all.add(backend().ledger().denials(TimeRange.always()).toString());
    all.add(backend().ledger().alerts(false).toString());
    all.add(backend().directory().list(DirectoryEntry.Kind.USER).toString());
    assertThat(all).noneMatch(text -> text.contains("alice"));
  }
}
