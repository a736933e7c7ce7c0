package io.llmaccounting.sql.report;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one group, in bounded memory: each of them while they are few, else how many lie
 * in each of narrow bins, a thousandth wide. The percentiles that then lie somewhere in a bin are
 * found by reading once more what is in these bins. Confined to one thread.
 */
final class Latencies {
  private static final int[] PERCENTS = {50, 90, 95, 99};
  private static final int FEW = 2_048;
  private static final int BITS = 10;

  private long[] few = new long[8];
  private int fewCount;
  private @Nullable TreeMap<Integer, Bin> bins;
  private @Nullable Map<Integer, TreeMap<Long, Long>> looked;

  /** What lies between two values: how many, the smallest and the largest. */
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

  /** A value at a first reading. */
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

  /** Begins a second reading where one is needed; false where all is known. */
  boolean lookAgain() {
    if (bins == null) {
      return false;
    }
    Map<Integer, TreeMap<Long, Long>> wanted = new TreeMap<>();
    for (int percent : PERCENTS) {
      Place place = place(bins, percent);
      if (!place.isKnown()) {
        wanted.put(bin(place.bin.min), new TreeMap<>());
      }
    }
    looked = wanted;
    return !wanted.isEmpty();
  }

  /** A value at the second reading. */
  void addAgain(long value) {
    if (looked != null) {
      TreeMap<Long, Long> counts = looked.get(bin(value));
      if (counts != null) {
        counts.merge(value, 1L, Long::sum);
      }
    }
  }

  /** The percentiles, by nearest rank; none where there is no value. */
  Map<Integer, Long> percentiles() {
    Map<Integer, Long> percentiles = new TreeMap<>();
    if (bins == null) {
      long[] sorted = Arrays.copyOf(few, fewCount);
      Arrays.sort(sorted);
      for (int percent : PERCENTS) {
        if (fewCount > 0) {
          percentiles.put(percent, sorted[(int) nearestRank(percent, fewCount) - 1]);
        }
      }
      return percentiles;
    }
    for (int percent : PERCENTS) {
      percentiles.put(percent, value(place(bins, percent)));
    }
    return percentiles;
  }

  private long value(Place place) {
    if (place.isKnown()) {
      return place.rank == 1 ? place.bin.min : place.bin.max;
    }
    TreeMap<Long, Long> counts = looked == null ? null : looked.get(bin(place.bin.min));
    long reached = 0;
    if (counts != null) {
      for (Map.Entry<Long, Long> one : counts.entrySet()) {
        reached += one.getValue();
        if (reached >= place.rank) {
          return one.getKey();
        }
      }
    }
    // What the first reading saw in it has been removed since.
    return place.bin.max;
  }

  /** Where a percentile lies: the how-many-th of which bin. */
  private record Place(Bin bin, long rank) {
    boolean isKnown() {
      return rank == 1 || rank == bin.count || bin.min == bin.max;
    }
  }

  private static Place place(NavigableMap<Integer, Bin> bins, int percent) {
    long count = bins.values().stream().mapToLong(bin -> bin.count).sum();
    long rank = nearestRank(percent, count);
    Bin last = bins.lastEntry().getValue();
    for (Bin bin : bins.values()) {
      if (rank <= bin.count) {
        return new Place(bin, rank);
      }
      rank -= bin.count;
    }
    return new Place(last, last.count);
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
