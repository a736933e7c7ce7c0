package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.admin.RestoreReceipt;
import io.llmaccounting.admin.Restored;
import io.llmaccounting.admin.Transfer;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What another store knows is taken in exactly, once. */
public class RestoreAcceptance extends AcceptanceTest {
  private final LlmAccounting source =
      LlmAccounting.builder(InMemoryBackend.open(InMemoryStorage.create(), clock))
          .clock(clock)
          .expectedTokens(0, 0)
          .build();

  @AfterEach
  final void closeTheSource() {
    source.close();
  }

  private static Pricing each(String dollars) {
    return call -> Optional.of(new PricedCost(Cost.usd(dollars), "row-" + dollars));
  }

  private List<UsageHistory> known(LlmAccounting accounting) {
    List<UsageHistory> known = new ArrayList<>();
    accounting.admin().transfer().records(TimeRange.always(), UsageFilter.all(), known::add);
    return known;
  }

  private RestoreReceipt restore() {
    return accounting().admin().transfer().restore(known(source).iterator());
  }

  /** Calls that were held, late, keyed, unpriced, corrected, without tokens, failed. */
  private void history() {
    source.limits().save(Limit.named("watch").requests(1_000).rolling(ofDays(2)));
    HeldCall held = source.quotas().reserve(CallRequest.to("m").user("a")).hold().orElseThrow();
    HeldCall late =
        source
            .quotas()
            .reserve(CallRequest.to("m").user("a").holdFor(ofSeconds(1)))
            .hold()
            .orElseThrow();
    source.track(aCall().by("b").in("p").key("k-1").tag("team", "x").usage());
    clock.advance(ofMinutes(3));
    held.settle(aCall().id(held.id()).on("m").by("a").costing("0.25").usage());
    late.settle(aCall().id(late.id()).on("m").by("a").usage());
    source.track(
        aCall().withoutTokens().failed("overloaded", "no \u2603 left").at(clock.instant()).usage());
    source
        .admin()
        .reprice(TimeRange.always())
        .only(UsageFilter.all().user("b"))
        .by(each("0.5"))
        .apply();
  }

  @Test
  final void recordsAreKnownExactlyAsTheyWere() {
    history();

    RestoreReceipt receipt = restore();

    assertThat(receipt.added()).isEqualTo(4);
    assertThat(known(accounting())).isEqualTo(known(source)).anyMatch(one -> one.record().late());
    assertThat(known(accounting())).anyMatch(one -> one.record().adjustment() != null);
    for (Dimension by : List.of(Dimension.USER, Dimension.SESSION, Dimension.tag("team"))) {
      assertThat(accounting().report(TimeRange.always()).by(by).run().rows())
          .isEqualTo(source.report(TimeRange.always()).by(by).run().rows());
    }
  }

  @Test
  final void doingItTwiceChangesNothing() {
    history();
    save(Limit.named("all").cost(Cost.usd("100")).lifetime());
    restore();
    List<UsageHistory> once = known(accounting());
    long used = used("all", aCall());
    List<AuditEntry> acts = accounting().audit().find(AuditQuery.latest(100));

    RestoreReceipt again = restore();

    assertThat(again).isEqualTo(new RestoreReceipt(0, 4, 0, List.of(), 0));
    assertThat(known(accounting())).isEqualTo(once);
    assertThat(used("all", aCall())).isEqualTo(used).isEqualTo(Cost.usd("0.75").nanos());
    assertThat(accounting().audit().find(AuditQuery.latest(100))).isEqualTo(acts);
  }

  @Test
  final void limitsCountByTheInstantThatChargedWhetherTheyComeBeforeOrAfter() {
    history();
    save(Limit.named("before").requests(500).rolling(ofMinutes(2)));
    save(Limit.named("before by days").totalTokens(1_000_000).rolling(ofDays(1)));

    restore();
    save(Limit.named("after").requests(500).rolling(ofMinutes(2)));
    save(Limit.named("after by days").totalTokens(1_000_000).rolling(ofDays(1)));

    // of four calls, one was tracked now and one settled late: that one's hold was gone
    assertThat(used("before", aCall())).isEqualTo(used("after", aCall())).isPositive();
    assertThat(used("before by days", aCall()))
        .isEqualTo(used("after by days", aCall()))
        .isPositive();
  }

  @Test
  final void whatCannotBeTakenInIsReportedAndStopsNoOther() {
    history();
    Usage other =
        known(source).stream()
            .map(one -> one.record().usage())
            .filter(one -> one.key() == null)
            .findFirst()
            .orElseThrow();
    accounting().track(aCall().id(other.id()).at(other.occurredAt()).on("another").usage());
    accounting().track(aCall().in("p").key("k-1").by("someone else").usage());

    RestoreReceipt receipt = restore();

    assertThat(receipt.added()).isEqualTo(2);
    assertThat(receipt.refusedCount()).isEqualTo(2);
    assertThat(receipt.refused())
        .allMatch(one -> one.reason() == RestoreReceipt.Reason.OTHER_CALL)
        .anyMatch(one -> one.id().equals(other.id()) && one.message().contains("another"));
  }

  @Test
  final void whatWasPurgedHereIsTakenInOnlyWhenForced() {
    history();
    clock.advance(ofHours(1));
    accounting().admin().purge(clock.instant()).run();

    RestoreReceipt refused = restore();
    RestoreReceipt forced =
        accounting().admin().transfer().restore(known(source).iterator(), OldUsage.COUNT);

    assertThat(refused.refusedCount()).isEqualTo(4);
    assertThat(refused.refused())
        .allMatch(one -> one.reason() == RestoreReceipt.Reason.TOO_OLD)
        .allMatch(one -> one.message().contains("older than the purge horizon"));
    assertThat(forced.added()).isEqualTo(4);
  }

  @Test
  final void aRecordThatComesTwiceInOneGoIsTakenInOnce() {
    history();
    List<UsageHistory> twice = new ArrayList<>(known(source));
    twice.addAll(known(source));

    RestoreReceipt receipt = accounting().admin().transfer().restore(twice.iterator());

    assertThat(receipt).isEqualTo(new RestoreReceipt(4, 4, 0, List.of(), 0));
  }

  @Test
  final void aCorrectionMadeSinceIsTakenOver() {
    history();
    save(Limit.named("all").cost(Cost.usd("100")).lifetime());
    restore();
    source.admin().reprice(TimeRange.always()).by(each("0.125")).apply();

    RestoreReceipt receipt = restore();

    assertThat(receipt.corrected()).isEqualTo(1);
    assertThat(receipt.unchanged()).isEqualTo(3);
    assertThat(known(accounting())).isEqualTo(known(source));
    assertThat(used("all", aCall())).isEqualTo(Cost.usd("0.875").nanos());
  }

  @Test
  final void aCorrectionThatWasMadeOnlyHereStays() {
    history();
    restore();
    accounting().admin().reprice(TimeRange.always()).by(each("0.125")).apply();

    assertThat(restore().unchanged()).isEqualTo(4);
    assertThat(accounting().report(TimeRange.always()).run()).hasCost("0.875");
  }

  @Test
  final void correctionsThatDifferAreReported() {
    history();
    restore();
    accounting().admin().reprice(TimeRange.always()).by(each("2")).pricedOnesToo().apply();
    UsageFilter ofB = UsageFilter.all().user("b");
    source.admin().reprice(TimeRange.always()).only(ofB).by(each("3")).pricedOnesToo().apply();

    RestoreReceipt receipt = restore();

    assertThat(receipt.refused())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.reason()).isEqualTo(RestoreReceipt.Reason.OTHER_CORRECTION);
              assertThat(one.message()).contains("$2.00 here", "$3.00 (row-3) there");
            });
  }

  @Test
  final void namesAreNotEnforced() {
    history();

    RestoreReceipt receipt =
        another(settings -> settings.enforceNames())
            .admin()
            .transfer()
            .restore(known(source).iterator());

    assertThat(receipt.added()).isEqualTo(4);
  }

  @Test
  final void moreThanOneTransactionsWorthIsTakenIn() {
    for (int i = 0; i < 2_345; i++) {
      source.track(aCall().key("key " + i).usage());
    }

    assertThat(restore().added()).isEqualTo(2_345);
    assertThat(accounting().report(TimeRange.always()).run()).hasCalls(2_345);
  }

  @Test
  final void takingInRecordsLeavesAnAuditEntry() {
    history();

    restore();

    assertThat(accounting().audit().find(AuditQuery.latest(5).ofType(AuditEntry.ADMIN)))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.outcome()).isEqualTo("usage restored");
              assertThat(entry.attributes()).containsEntry("added", "4");
            });
  }

  @Test
  final void limitsAreTakenInUnlessAnotherHasTheName() {
    Limit limit = Limit.named("one").requests(5).rolling(ofDays(1)).alertingAt(50, 80);

    assertThat(accounting().admin().transfer().restore(limit)).isEqualTo(Restored.ADDED);
    assertThat(accounting().admin().transfer().restore(limit)).isEqualTo(Restored.UNCHANGED);
    assertThat(accounting().admin().transfer().restore(limit.withMaximum(6)))
        .isEqualTo(Restored.REFUSED);

    assertThat(accounting().limits().list()).containsExactly(limit);
  }

  @Test
  final void directoryEntriesKeepTheirTimes() {
    DirectoryEntry alice =
        DirectoryEntry.user("alice")
            .email("alice@example.org")
            .activated(clock.instant().minus(ofDays(9)))
            .deactivated(clock.instant().minus(ofDays(1)));

    assertThat(accounting().admin().transfer().restore(alice)).isEqualTo(Restored.ADDED);
    assertThat(accounting().admin().transfer().restore(alice)).isEqualTo(Restored.UNCHANGED);
    assertThat(accounting().admin().transfer().restore(DirectoryEntry.user("alice")))
        .isEqualTo(Restored.REFUSED);

    assertThat(accounting().directory().users()).containsExactly(alice);
  }

  @Test
  final void alertsAreRememberedAndThoseDeliveredAreNotDeliveredAgain() {
    source.limits().save(Limit.named("two").requests(2).lifetime().alertingAt(50, 100));
    source.track(aCall().usage());
    List<Alert> fired = alerts(source);
    clock.advance(ofMinutes(1));
    source.track(aCall().usage());
    List<Alert> open = alerts(source).subList(1, 2);

    for (int i = 0; i < 2; i++) {
      accounting().admin().transfer().restoreAlerts(fired, true);
      accounting().admin().transfer().restoreAlerts(open, false);
    }

    assertThat(alerts(accounting())).isEqualTo(alerts(source)).hasSize(2);
    Map<Alert, Boolean> delivered = new HashMap<>();
    accounting().admin().transfer().alerts(delivered::put);
    assertThat(delivered).containsEntry(fired.get(0), true).containsEntry(open.get(0), false);
  }

  private static List<Alert> alerts(LlmAccounting accounting) {
    List<Alert> alerts = new ArrayList<>();
    accounting.admin().transfer().alerts((alert, delivered) -> alerts.add(alert));
    return alerts;
  }

  @Test
  final void denialsAreRaisedToWhatWasCountedThere() {
    source.limits().save(Limit.named("none").requests(0).lifetime());
    source.quotas().reserve(aCall().request());
    source.quotas().reserve(aCall().request());
    clock.advance(ofMinutes(2));
    source.quotas().reserve(aCall().request());
    List<DenialCount> counted = source.admin().denials(TimeRange.always());

    assertThat(accounting().admin().transfer().restoreDenials(counted)).isEqualTo(2);
    assertThat(accounting().admin().transfer().restoreDenials(counted)).isZero();

    assertThat(accounting().admin().denials(TimeRange.always())).isEqualTo(counted).hasSize(2);
  }

  @Test
  final void entriesOfTheAuditLogKeepTheirSeals() {
    UUID stream = UsageFixtures.newId(clock.instant());
    List<SealedEntry> entries = new ArrayList<>();
    for (int i = 1; i <= 120; i++) {
      clock.advance(ofSeconds(1));
      AuditEntry entry =
          AuditEntry.admin(
              UsageFixtures.newId(clock.instant()), clock.instant(), "did " + i, Map.of());
      entries.add(new SealedEntry(entry, new Seal(stream, i, 1, null, "%064x".formatted(i))));
    }
    UUID taken = entries.get(7).entry().id();
    AuditEntry other =
        AuditEntry.admin(taken, entries.get(7).entry().at(), "something else", Map.of());
    backend().audit().append(List.of(SealedEntry.unsealed(other)));

    RestoreReceipt receipt = accounting().admin().transfer().restoreEntries(entries);

    assertThat(receipt.added()).isEqualTo(119);
    assertThat(receipt.refused()).hasSize(1);
    assertThat(receipt.refused().get(0).id()).isEqualTo(taken);
    assertThat(receipt.refused().get(0).reason()).isEqualTo(RestoreReceipt.Reason.OTHER_ENTRY);
    assertThat(accounting().admin().transfer().restoreEntries(entries).unchanged()).isEqualTo(119);
    List<SealedEntry> stored = new ArrayList<>();
    accounting().admin().transfer().auditEntries(one -> stored.add(one.stored()));
    entries.set(7, SealedEntry.unsealed(other));
    assertThat(stored).isEqualTo(entries);
  }

  @Test
  final void aDryRunSaysTheSameAndWritesNothing() {
    history();
    Usage other =
        known(source).stream()
            .map(one -> one.record().usage())
            .filter(one -> one.key() == null)
            .findFirst()
            .orElseThrow();
    accounting().track(aCall().id(other.id()).at(other.occurredAt()).on("another").usage());
    Transfer dry = accounting().admin().transfer().dryRun();
    Limit limit = Limit.named("one").requests(5).rolling(ofDays(1));
    DenialCount denial = new DenialCount("one", "", clock.instant(), 3, 1, "no room");

    RestoreReceipt receipt = dry.restore(known(source).iterator());

    assertThat(dry.restore(limit)).isEqualTo(Restored.ADDED);
    assertThat(dry.restore(DirectoryEntry.user("alice"))).isEqualTo(Restored.ADDED);
    assertThat(dry.restoreDenials(List.of(denial))).isEqualTo(1);
    assertThat(known(accounting())).hasSize(1);
    assertThat(accounting().limits().list()).isEmpty();
    assertThat(accounting().directory().users()).isEmpty();
    assertThat(accounting().admin().denials(TimeRange.always())).isEmpty();
    assertThat(restore()).isEqualTo(receipt);
    assertThat(dry.restore(known(source).iterator()).unchanged()).isEqualTo(3);
  }
}
