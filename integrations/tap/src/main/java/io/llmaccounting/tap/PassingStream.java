package io.llmaccounting.tap;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that tells an exchange what is read of it. Confined to one thread at a time. */
final class PassingStream extends FilterInputStream {
  private static final int LARGEST_SKIP = 8_192;

  private final Exchange exchange;

  PassingStream(InputStream body, Exchange exchange) {
    super(body);
    this.exchange = exchange;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read;
    try {
      read = super.read(into, offset, length);
    } catch (IOException | RuntimeException e) {
      exchange.brokeOff(e);
      throw e;
    }
    if (read < 0) {
      Exchange.await(exchange.completed());
    } else {
      exchange.feed(into, offset, read);
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    int read = read(new byte[(int) Math.min(Math.max(count, 0), LARGEST_SKIP)]);
    return Math.max(read, 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    try {
      Exchange.await(exchange.cancelled());
    } finally {
      super.close();
    }
  }
}
