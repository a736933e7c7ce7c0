package io.llmaccounting.tap;

/** Takes bytes as they pass, cut into pieces anywhere. Confined to one thread at a time. */
interface Bytes {
  /**
   * Takes the next piece, of which nothing is kept or changed.
   *
   * @throws UnreadableBytes if it can not be what it is said to be
   */
  void take(byte[] piece, int offset, int length) throws UnreadableBytes;

  /** Gives up what is held outside of the heap. */
  default void close() {}
}
