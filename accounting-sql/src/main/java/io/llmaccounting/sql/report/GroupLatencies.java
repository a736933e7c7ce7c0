package io.llmaccounting.sql.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one group, in bounded memory: each of them while they are few, else how many lie
 * in each of narrow bins, a thousandth wide. A percentile that then lies somewhere in a bin is
 * found by reading once more what is in that bin, in a thousand parts again, until it is a value.
 * Confined to one thread.
 */
final class GroupLatencies {
  private static final int[] PERCENTS = {50, 90, 95, 99};
  private static final int FEW = 2_048;
  private static final int BITS = 10;

  private long[] few = new long[8];
  private int fewCount;
  private @Nullable TreeMap<Integer, Bin> bins;
  private final Map<Integer, Search> searches = new TreeMap<>();

  /** The values between two bounds: how many they are, the smallest and the largest. */
  private static final class Bin {
    private long count;
    private long min = Long.MAX_VALUE;
    private long max;

    void add(long value) {
      count++;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }

  /** The search for a percentile: its bin, its rank in that bin, and the parts of the bin. */
  private static final class Search {
    private static final long PARTS = 1L << BITS;

    private final SortedMap<Long, Bin> parts = new TreeMap<>();
    private Bin bin;
    private long rank;
    private boolean found;

    Search(Collection<Bin> bins, int percent) {
      this.rank = nearestRank(percent, bins.stream().mapToLong(one -> one.count).sum());
      this.bin = place(bins);
    }

    private Bin place(Collection<Bin> among) {
      Bin last = new Bin();
      for (Bin one : among) {
        last = one;
        if (rank <= one.count) {
          break;
        }
        rank -= one.count;
      }
      rank = Math.min(rank, last.count);
      found = rank == 1 || rank == last.count || last.min == last.max;
      return last;
    }

    void add(long value) {
      if (!found && value >= bin.min && value <= bin.max) {
        long width = (bin.max - bin.min) / PARTS + 1;
        parts.computeIfAbsent((value - bin.min) / width, made -> new Bin()).add(value);
      }
    }

    /** Continues the search in one of the parts. */
    void narrow() {
      if (found) {
        return;
      }
      if (parts.isEmpty()) {
        // values that an earlier reading saw in the bin have been removed since
        found = true;
        rank = bin.count;
        return;
      }
      bin = place(parts.values());
      parts.clear();
    }

    long value() {
      return found && rank == 1 ? bin.min : bin.max;
    }
  }

  /** Adds a value at the first reading. */
  void add(long value) {
    if (bins != null) {
      bins.computeIfAbsent(bin(value), made -> new Bin()).add(value);
      return;
    }
    if (fewCount == FEW) {
      TreeMap<Integer, Bin> made = new TreeMap<>();
      for (long one : few) {
        made.computeIfAbsent(bin(one), absent -> new Bin()).add(one);
      }
      made.computeIfAbsent(bin(value), absent -> new Bin()).add(value);
      bins = made;
      few = new long[0];
      return;
    }
    if (fewCount == few.length) {
      few = Arrays.copyOf(few, 2 * few.length);
    }
    few[fewCount++] = value;
  }

  /** Ends a reading and returns whether another is needed. */
  boolean lookAgain() {
    if (bins == null) {
      return false;
    }
    if (searches.isEmpty()) {
      for (int percent : PERCENTS) {
        searches.put(percent, new Search(bins.values(), percent));
      }
    } else {
      searches.values().forEach(Search::narrow);
    }
    return searches.values().stream().anyMatch(search -> !search.found);
  }

  /** Adds a value at a further reading. */
  void addAgain(long value) {
    searches.values().forEach(search -> search.add(value));
  }

  /** The percentiles, by nearest rank; none where there is no value. */
  Map<Integer, Long> percentiles() {
    Map<Integer, Long> percentiles = new TreeMap<>();
    searches.forEach((percent, search) -> percentiles.put(percent, search.value()));
    if (bins == null && fewCount > 0) {
      long[] sorted = Arrays.copyOf(few, fewCount);
      Arrays.sort(sorted);
      for (int percent : PERCENTS) {
        percentiles.put(percent, sorted[(int) nearestRank(percent, fewCount) - 1]);
      }
    }
    return percentiles;
  }

  /** The smallest rank that at least so many percent of the count do not exceed. */
  static long nearestRank(int percent, long count) {
    return (percent * count + 99) / 100;
  }

  // small ones each in a bin of its own, others by their highest bits; in the order of values
  private static int bin(long value) {
    int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value));
    return (shift << BITS) + (int) (value >>> shift);
  }
}
