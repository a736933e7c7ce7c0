package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static io.llmaccounting.testkit.UsageFixtures.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.directory.DirectoryEntry.Kind;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Opening, closing and opening again. */
public abstract class LifecycleContract extends BackendContract {
  private static final UUID ID = newId(ManualClock.START);

  @Test
  final void everythingIsThereAfterReopening() {
    CounterKey counter = aCounter("c");
    HoldRecord hold = Holds.on(counter);
    Usage usage = aCall().key("k").costing("0.02").usage();
    record(usage);
    transact(backend(), Set.of(counter), Counts.addOne());
    transact(backend(), Set.of(), view -> Holds.writing(hold));
    transact(backend(), Set.of(), view -> Holds.firing(Holds.alert(ID, view.now())));
    transact(backend(), Set.of(), view -> Holds.denying(Holds.denial("a", view.now(), 1)));
    backend().directory().add(DirectoryEntry.user("alice"));
    backend()
        .audit()
        .append(
            List.of(
                SealedEntry.unsealed(AuditEntry.admin(ID, ManualClock.START, "done", Map.of()))));

    UsageBackend again = reopen();

    assertThat(again.usage().findByKey(null, "k").orElseThrow().usage()).isEqualTo(usage);
    assertThat(again.limits().load().limits()).hasSize(1);
    assertThat(state(again, counter)).isEqualTo(Counts.of(1));
    assertThat(again.ledger().holds()).containsExactly(hold);
    assertThat(again.ledger().alerts(true)).hasSize(1);
    assertThat(again.ledger().denials(TimeRange.always())).hasSize(1);
    assertThat(again.directory().list(Kind.USER)).hasSize(1);
    assertThat(again.audit().find(AuditQuery.latest(9))).hasSize(1);
    assertThat(again.maintenance().compareRollups()).isEmpty();
    assertThat(record(usage).fresh()).isEmpty();
  }

  @Test
  final void closingTwiceIsHarmless() {
    backend().close();
    backend().close();
  }

  @Test
  final void closingOneInstanceLeavesTheOthersOpen() {
    UsageBackend other = another();
    backend().close();

    assertThat(record(other, List.of(aCall().usage())).fresh()).hasSize(1);
  }

  @Test
  final void everyMethodFailsAfterClosing() {
    Map<String, Runnable> calls = everyMethod(backend());

    backend().close();

    calls.forEach(
        (name, call) ->
            assertThat(catchThrowable(call::run))
                .as(name)
                .isInstanceOfSatisfying(
                    BackendException.class,
                    e -> assertThat(e.kind()).as(name).isEqualTo(BackendException.Kind.CLOSED)));
  }

  /** A transaction that close overtakes is either whole or refused as closed. */
  @Test
  final void closingWaitsForTransactionsUnderWay() {
    UsageBackend closing = backend();
    UsageBackend witness = another();
    CountDownLatch underWay = new CountDownLatch(1);
    Usage usage = aCall().usage();

    ParallelRun.of(
        2,
        thread ->
            () -> {
              if (thread == 0) {
                closing
                    .ledger()
                    .transact(
                        batch(witness),
                        new PlainDecider(
                            List.of(usage),
                            view -> {
                              underWay.countDown();
                              return LedgerWrites.NONE;
                            }));
              } else {
                underWay.await();
                closing.close();
              }
              return true;
            });

    assertThat(witness.usage().find(usage.id())).isPresent();
  }

  private static Map<String, Runnable> everyMethod(UsageBackend backend) {
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("ledger", backend::ledger);
    calls.put("usage", backend::usage);
    calls.put("limits", backend::limits);
    calls.put("directory", backend::directory);
    calls.put("audit", backend::audit);
    calls.put("maintenance", backend::maintenance);
    addLedger(calls, backend.ledger(), backend.limits().revision());
    addUsage(calls, backend.usage());
    addLimits(calls, backend.limits());
    addDirectory(calls, backend.directory());
    addAudit(calls, backend.audit());
    addMaintenance(calls, backend.maintenance());
    addRetention(calls, backend.maintenance().retention());
    return calls;
  }

  private static void addLedger(Map<String, Runnable> calls, Ledger ledger, long revision) {
    LedgerBatch batch = new LedgerBatch(revision, new TreeSet<>(), Set.of(), Set.of());
    calls.put(
        "ledger.transact",
        () -> ledger.transact(batch, new PlainDecider(List.of(), view -> LedgerWrites.NONE)));
    calls.put("ledger.peek", () -> ledger.peek(Set.of()));
    calls.put("ledger.holds", ledger::holds);
    calls.put("ledger.denials", () -> ledger.denials(TimeRange.always()));
    calls.put("ledger.alerts", () -> ledger.alerts(true));
    calls.put("ledger.markDelivered", () -> ledger.markDelivered(Set.of(ID)));
  }

  private static void addUsage(Map<String, Runnable> calls, UsageStore usage) {
    ReportQuery report =
        new ReportQuery(
            TimeRange.always(), UsageFilter.all(), List.of(), null, ZoneOffset.UTC, false);
    calls.put("usage.find", () -> usage.find(ID));
    calls.put("usage.findByKey", () -> usage.findByKey(null, "k"));
    calls.put("usage.latest", () -> usage.latest(UsageQuery.latest(1)));
    calls.put("usage.scan", () -> usage.scan(TimeRange.always(), UsageFilter.all(), record -> {}));
    calls.put("usage.report", () -> usage.report(report));
    calls.put("usage.completeFrom", usage::completeFrom);
  }

  private static void addLimits(Map<String, Runnable> calls, LimitStore limits) {
    Limit limit = Limit.named("l").requests(1).rolling(Duration.ofHours(1));
    calls.put("limits.revision", limits::revision);
    calls.put("limits.load", limits::load);
    calls.put("limits.save", () -> limits.save(limit, PlainSeed.ofNothing()));
    calls.put("limits.delete", () -> limits.delete("l", PlainSeed.ofNothing()));
  }

  private static void addDirectory(Map<String, Runnable> calls, DirectoryStore directory) {
    DirectoryEntry alice = DirectoryEntry.user("alice");
    calls.put("directory.revision", directory::revision);
    calls.put("directory.find", () -> directory.find(Kind.USER, "alice"));
    calls.put("directory.list", () -> directory.list(Kind.USER));
    calls.put("directory.add", () -> directory.add(alice));
    calls.put("directory.update", () -> directory.update(alice));
    calls.put("directory.rename", () -> directory.rename(Kind.USER, "alice", "bob"));
    calls.put("directory.remove", () -> directory.remove(Kind.USER, "alice"));
  }

  private static void addAudit(Map<String, Runnable> calls, AuditLog audit) {
    AuditEntry entry = AuditEntry.admin(ID, ManualClock.START, "done", Map.of());
    calls.put("audit.append", () -> audit.append(List.of(SealedEntry.unsealed(entry))));
    calls.put("audit.find", () -> audit.find(AuditQuery.latest(1)));
  }

  private static void addMaintenance(Map<String, Runnable> calls, Maintenance maintenance) {
    calls.put("maintenance.compareRollups", maintenance::compareRollups);
    calls.put("maintenance.rebuildRollups", maintenance::rebuildRollups);
    calls.put("maintenance.inspect", () -> maintenance.inspect(view -> true));
    calls.put("maintenance.rebuildCounters", () -> maintenance.rebuildCounters(view -> Map.of()));
  }

  private static void addRetention(Map<String, Runnable> calls, Retention retention) {
    Instant at = ManualClock.START;
    PurgeSlice slice = new PurgeSlice(at, UsageFilter.all(), null, 1);
    calls.put("retention.removeUsage", () -> retention.removeUsage(slice, new PlainCarrier()));
    calls.put("retention.countUsage", () -> retention.countUsage(at, UsageFilter.all()));
    calls.put("retention.remove", () -> retention.remove(Leftover.DENIALS, at, 1));
    calls.put("retention.count", () -> retention.count(Leftover.DENIALS, at));
  }
}
