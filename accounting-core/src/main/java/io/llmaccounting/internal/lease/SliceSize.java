package io.llmaccounting.internal.lease;

/** How much room a process should keep of a limit. Pure. */
public final class SliceSize {
  // a slice leaves so much to each of the other processes, so that none takes all
  private static final int SHARE = 2;
  private static final int LAST_STRETCH = 20;
  private static final int LEAST_CALLS = 2;

  private SliceSize() {}

  /**
   * The figures that decide how large a slice is, all in the limit's unit.
   *
   * @param maximum the limit's maximum
   * @param room the amount that nobody has used or holds, and that which the asking process keeps
   *     but does not need
   * @param leases live leases on the counter, that of the asking process included
   * @param wanted what it is likely to spend until it can ask again with ease
   * @param typical what one call takes
   */
  public record Question(long maximum, long room, int leases, long wanted, long typical) {}

  /**
   * The size; 0 on the last stretch, a twentieth of the maximum, and where it would be less than
   * two calls: there every call is decided in the ledger, exactly.
   */
  public static long of(Question asked) {
    if (asked.room() <= 0 || asked.room() < asked.maximum() / LAST_STRETCH) {
      return 0;
    }
    long share = asked.room() / (SHARE * (long) Math.max(1, asked.leases()));
    long size = Math.min(asked.wanted(), share);
    long typical = Math.max(1, asked.typical());
    return size / LEAST_CALLS < typical ? 0 : size;
  }
}
