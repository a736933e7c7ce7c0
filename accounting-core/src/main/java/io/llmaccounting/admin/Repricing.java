package io.llmaccounting.admin;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.internal.ledger.AdjustOperation;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prices recorded calls again: calls without a cost, and where asked calls with a computed one. A
 * cost that the caller stated, or a seller reported where that counts, stays. Records are never
 * edited; a correction is written beside them, and reports, rollups and limits follow. Applying the
 * same correction twice changes nothing. Confined to one thread.
 */
public final class Repricing {
  private static final int CHUNK = 500;

  private final AdminParts parts;
  private final TimeRange period;
  private UsageFilter filter = UsageFilter.all();
  private Pricing pricing;
  private boolean priced;

  /** Made by the library; applications call {@link io.llmaccounting.LlmAccounting#admin}. */
  public Repricing(AdminParts parts, TimeRange period) {
    this.parts = parts;
    this.period = period;
    this.pricing = parts.settings().pricing();
  }

  /** Prices only calls that {@code filter} selects. */
  public Repricing only(UsageFilter filter) {
    this.filter = filter;
    return this;
  }

  /** Uses these prices; by default the accounting's own are used. */
  public Repricing by(Pricing pricing) {
    this.pricing = pricing;
    return this;
  }

  /** Prices calls that have a computed cost already, too: the new prices replace it. */
  public Repricing pricedOnesToo() {
    this.priced = true;
    return this;
  }

  /** Says what would change, and writes nothing. */
  public RepriceReport preview() {
    return run(new Sums(chunk -> (long) chunk.size()));
  }

  /**
   * Writes the corrections, in chunks of 500, each in one transaction, and leaves an audit entry,
   * even if it fails after some chunks.
   *
   * @return what was changed; a call that somebody else corrected meanwhile is not counted
   * @throws io.llmaccounting.backend.BackendException if the store fails; chunks written before
   *     stay, and applying it again does the rest
   */
  public RepriceReport apply() {
    Sums sums = new Sums(chunk -> parts.commits().book(new AdjustOperation(chunk)));
    RepriceReport report;
    try {
      report = run(sums);
    } catch (Throwable e) {
      // changes made before a failure must not go without a trace
      if (sums.changed > 0) {
        tell("pricing broke off", sums.changed);
      }
      throw e;
    }
    tell("prices applied", report.changed());
    return report;
  }

  private void tell(String act, long changed) {
    parts
        .trail()
        .append(
            act,
            Map.of(
                "from", period.from().toString(),
                "to", period.to().toString(),
                "changed", Long.toString(changed)));
  }

  private interface Writer {
    long write(List<Adjustment> chunk);
  }

  private RepriceReport run(Sums sums) {
    UsageFilter wanted = priced ? filter : filter.unpriced();
    parts.backend().usage().scan(period, wanted, sums::add);
    return sums.report();
  }

  private Optional<PricedCost> corrected(RecordedUsage recorded) {
    if (!recorded.current().isPricedByComputing()) {
      return Optional.empty();
    }
    return PricedCall.of(recorded.current()).flatMap(pricing::price);
  }

  /** Adds up what changes, and hands chunks of it on. */
  private final class Sums {
    private final Writer writer;
    private final List<Adjustment> chunk = new ArrayList<>();
    private long examined;
    private long changed;
    private long newlyPriced;
    private long stillUnpriced;
    private Cost before = Cost.ZERO;
    private Cost after = Cost.ZERO;

    Sums(Writer writer) {
      this.writer = writer;
    }

    void add(RecordedUsage recorded) {
      examined++;
      Cost known = recorded.cost().orElse(Cost.ZERO);
      Optional<PricedCost> corrected = corrected(recorded);
      boolean differs =
          corrected.isPresent() && !recorded.cost().equals(corrected.map(PricedCost::cost));
      before = before.plus(known);
      after = after.plus(differs ? corrected.get().cost() : known);
      if (differs) {
        newlyPriced += recorded.cost().isEmpty() ? 1 : 0;
        chunk.add(Adjustment.ofCost(recorded, corrected.get()));
      } else {
        stillUnpriced += recorded.cost().isEmpty() ? 1 : 0;
      }
      if (chunk.size() == CHUNK) {
        flush();
      }
    }

    private void flush() {
      changed += writer.write(chunk);
      chunk.clear();
    }

    RepriceReport report() {
      if (!chunk.isEmpty()) {
        flush();
      }
      return new RepriceReport(examined, changed, newlyPriced, stillUnpriced, before, after);
    }
  }
}
