package io.llmaccounting.internal.ledger;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.usage.Plural;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts denials by subject. Names come from outside: for one limit and day only so many subjects
 * are told apart, and the others are counted together. Safe for use by many threads.
 */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  // a denial may be counted a little after its day has ended
  private static final int DAYS = 2;

  private final int mostSubjects;
  private final TreeMap<Instant, Map<String, Set<String>>> subjects = new TreeMap<>();

  /** Tells so many subjects apart for each limit and day (UTC). */
  public Refusals(int mostSubjects) {
    this.mostSubjects = mostSubjects;
  }

  /** Counts a reserve that was refused so many times, for every limit that refused it. */
  public List<DenialCount> of(Decision.Denied denied, long times) {
    Instant minute = denied.at().truncatedTo(ChronoUnit.MINUTES);
    List<DenialCount> counts = new ArrayList<>(denied.exceeded().size());
    for (Exceeded exceeded : denied.exceeded()) {
      String limit = exceeded.status().limit().name();
      counts.add(
          new DenialCount(
              limit,
              known(limit, exceeded.status().subject(), minute),
              minute,
              times,
              exceeded.requested(),
              exceeded.toString()));
    }
    return counts;
  }

  private synchronized String known(String limit, String subject, Instant minute) {
    Instant day = minute.truncatedTo(ChronoUnit.DAYS);
    Set<String> known =
        subjects
            .computeIfAbsent(day, one -> new HashMap<>())
            .computeIfAbsent(limit, one -> new HashSet<>());
    if (subjects.size() > DAYS) {
      subjects.pollFirstEntry();
    }
    if (known.contains(subject) || subject.isEmpty()) {
      return subject;
    }
    if (known.size() < mostSubjects) {
      known.add(subject);
      return subject;
    }
    if (known.add(DenialCount.OTHERS)) {
      LOG.warn(
          "limit \"{}\" has denied calls of more than {} on {}: further ones of that day"
              + " are counted together as \"{}\"",
          limit,
          Plural.of(mostSubjects, "subject"),
          day,
          DenialCount.OTHERS);
    }
    return DenialCount.OTHERS;
  }
}
