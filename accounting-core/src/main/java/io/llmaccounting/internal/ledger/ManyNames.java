package io.llmaccounting.internal.ledger;

import io.llmaccounting.health.Health;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts records of which a name is one too many on its day, see {@link Health.Counts#inOthers},
 * and tells the first of each dimension and day. Confined to the group commit's thread.
 */
final class ManyNames {
  private static final Logger LOG = LoggerFactory.getLogger(ManyNames.class);

  // dimensions and days that were told, for some years; one that is forgotten may be told again
  private static final int MOST_TOLD = 10_000;

  private final Meters meters;
  private final Set<Map.Entry<LocalDate, Dimension>> told = new HashSet<>();

  ManyNames(Meters meters) {
    this.meters = meters;
  }

  /** Counts such records of a committed transaction. */
  void committed(LedgerTransaction transaction) {
    long records = transaction.inOthers();
    if (records == 0) {
      return;
    }
    meters.count(Meters.Count.IN_OTHERS, records);
    transaction
        .others()
        .forEach((day, dimensions) -> dimensions.forEach(dimension -> tell(day, dimension)));
  }

  private void tell(LocalDate day, Dimension dimension) {
    if (told.size() >= MOST_TOLD) {
      told.clear();
    }
    if (told.add(Map.entry(day, dimension))) {
      LOG.warn(
          "{} has too many names of dimension {}: rollups and the reports that read them count"
              + " further ones as {}, records keep them; look at where such names come from, or"
              + " raise the bound with namesPerDay and rebuild",
          day,
          dimension,
          ReportRow.OTHERS);
    }
  }
}
