package io.llmaccounting.providers;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A file that was compressed with gzip. Where it is cut or damaged it ends, so that what came
 * before counts. Confined to one thread.
 */
final class UnpackedFile extends FilterInputStream {
  private @Nullable String damage;

  UnpackedFile(InputStream packed) throws IOException {
    super(new GZIPInputStream(packed, 4_096));
  }

  /** What is wrong with the file; null as long as nothing is. */
  @Nullable String damage() {
    return damage;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (damage != null) {
      return -1;
    }
    try {
      return super.read(bytes, offset, length);
    } catch (EOFException | ZipException e) {
      damage = String.valueOf(e.getMessage());
      return -1;
    }
  }
}
