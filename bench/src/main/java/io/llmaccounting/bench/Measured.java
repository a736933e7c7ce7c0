package io.llmaccounting.bench;

import java.util.Comparator;
import java.util.List;

/**
 * What one run of one side showed.
 *
 * @param operations how many were done
 * @param seconds how long that took
 * @param p50 half of them took no longer, nanoseconds; 0 where single ones were not timed
 * @param p99 99 of 100 took no longer, nanoseconds
 * @param p999 999 of 1,000 took no longer, nanoseconds
 * @param cpu of the whole process, for each operation, nanoseconds; of the server nothing
 * @param bytes allocated by the whole process, for each operation
 * @param roundTrips to the database's server, for each operation; NaN where there is no server
 * @param commits write transactions, for each operation; NaN where they were not counted
 */
record Measured(
    long operations,
    double seconds,
    long p50,
    long p99,
    long p999,
    double cpu,
    double bytes,
    double roundTrips,
    double commits) {

  /** Something that took so long, once. */
  static Measured once(double seconds) {
    return of(1, seconds);
  }

  /** So many operations in so long, of which nothing more is known. */
  static Measured of(long operations, double seconds) {
    return new Measured(
        operations, seconds, 0, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  /** The same, but that it took so long until the last of it was done. */
  Measured lasting(double longer) {
    return new Measured(operations, longer, p50, p99, p999, cpu, bytes, roundTrips, commits);
  }

  double perSecond() {
    return operations / seconds;
  }

  /** Nanoseconds of one operation, where they ran one after the other. */
  double nanosEach() {
    return seconds * 1e9 / operations;
  }

  /** The run in the middle, by throughput. */
  static Measured median(List<Measured> runs) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(Measured::perSecond))
        .skip(runs.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
