package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.Renaming;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What contracts about the bound of names do and ask. */
abstract class NamesContract extends BackendContract {
  static final Instant START = ManualClock.START;
  static final Duration DAY = Duration.ofDays(1);
  static final List<Dimension> BOUNDED =
      List.of(
          Dimension.PROJECT, Dimension.MODEL, Dimension.USER, Dimension.CALLER, Dimension.PROVIDER);

  /** For the contracts of this package. */
  NamesContract() {}

  final void bound(long most) {
    backend().maintenance().names().change(most);
  }

  static Usage call(String user) {
    return aCall().by(user).usage();
  }

  final void recordUsers(int from, int to) {
    for (int i = from; i <= to; i++) {
      record(call("user-" + i));
    }
  }

  static String[] names(int from, int to) {
    List<String> names = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      names.add("user-" + i);
    }
    return names.toArray(String[]::new);
  }

  final Set<String> users() {
    Set<String> users = new TreeSet<>();
    backend()
        .usage()
        .scan(
            TimeRange.always(),
            UsageFilter.all(),
            one -> users.add(String.valueOf(one.usage().attribution().user())));
    return users;
  }

  final void requireAgreement() {
    assertThat(backend().maintenance().compareRollups()).isEmpty();
  }

  final Map<String, Long> callsByUser() {
    return calls(Dimension.USER);
  }

  final Map<String, Long> calls(Dimension dimension) {
    return calls(TimeRange.always(), UsageFilter.all(), dimension);
  }

  final Map<String, Long> callsOf(UsageFilter filter) {
    return calls(TimeRange.always(), filter, Dimension.USER);
  }

  final Map<String, Long> calls(TimeRange period, UsageFilter filter, Dimension dimension) {
    Map<String, Long> calls = new TreeMap<>();
    for (ReportRow row : report(period, filter, List.of(dimension))) {
      calls.put(String.valueOf(row.values().get(0)), row.totals().calls());
    }
    return calls;
  }

  final Map<String, Cost> costsByUser() {
    Map<String, Cost> costs = new TreeMap<>();
    for (ReportRow row : report(TimeRange.always(), UsageFilter.all(), List.of(Dimension.USER))) {
      costs.put(String.valueOf(row.values().get(0)), row.totals().cost());
    }
    return costs;
  }

  final List<ReportRow> report(TimeRange period, UsageFilter filter, List<Dimension> by) {
    return backend()
        .usage()
        .report(new ReportQuery(period, filter, by, null, ZoneOffset.UTC, false));
  }

  static boolean price(UsageBackend backend, Usage usage, String dollars) {
    LedgerBatch batch =
        new LedgerBatch(
            backend.limits().revision(), new TreeSet<>(), Set.of(), Set.of(), Set.of(usage.id()));
    return !transact(
            backend,
            batch,
            view ->
                view.records().isEmpty()
                    ? LedgerWrites.NONE
                    : new LedgerWrites(
                        Map.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                            Adjustment.ofCost(
                                Objects.requireNonNull(view.records().get(usage.id())),
                                new PricedCost(Cost.usd(dollars), "test")))))
        .records()
        .isEmpty();
  }

  final void purge(Instant before) {
    Instant edge = Instant.ofEpochSecond(before.getEpochSecond() - before.getEpochSecond() % 900);
    Retention retention = backend().maintenance().retention();
    retention.removeUsage(new PurgeSlice(edge, UsageFilter.all(), null, 1_000), new PlainCarrier());
  }

  final void rename(String from, String to) {
    NameChange change =
        new NameChange(from, to, text -> text.replace(from, to), text -> text.replace(from, to));
    Renaming renaming = backend().maintenance().renaming();
    renaming.renameRecords(change, null, 100);
    while (renaming.rename(Renaming.Place.ROLLUPS, change, 100) > 0) {
      assertThat(renaming.count(Renaming.Place.RECORDS, change)).isZero();
    }
  }
}
