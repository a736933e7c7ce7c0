package io.llmaccounting.access;

import java.util.Arrays;

/** What somebody has encrypted; nothing here can read it. Immutable. */
public final class SealedBytes {
  /** Most bytes. */
  public static final int MAX_BYTES = 65_536;

  private final byte[] bytes;

  private SealedBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of {@code bytes}, 1 to 65,536. */
  public static SealedBytes of(byte[] bytes) {
    if (bytes.length < 1 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "sealed must have from 1 to %d bytes, had %d".formatted(MAX_BYTES, bytes.length));
    }
    return new SealedBytes(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedBytes sealed && Arrays.equals(bytes, sealed.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** How many they are, and nothing of them. */
  @Override
  public String toString() {
    return bytes.length + " sealed bytes";
  }
}
