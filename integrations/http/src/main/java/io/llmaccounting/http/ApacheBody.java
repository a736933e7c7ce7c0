package io.llmaccounting.http;

import io.llmaccounting.tap.Exchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/** An entity that tells an exchange what is read of it. Confined to one thread at a time. */
final class ApacheBody extends HttpEntityWrapper {
  private final Exchange exchange;
  private final ClassicHttpRequest request;
  private @Nullable InputStream content;

  ApacheBody(HttpEntity entity, Exchange exchange, ClassicHttpRequest request) {
    super(entity);
    this.exchange = exchange;
    this.request = request;
  }

  /** The same stream each time, for the client asks twice. */
  @Override
  public InputStream getContent() throws IOException {
    InputStream opened = content;
    if (opened == null) {
      opened = exchange.passing(new Cancellable(super.getContent()));
      content = opened;
    }
    return opened;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (InputStream in = getContent()) {
      in.transferTo(out);
    }
  }

  @Override
  public boolean isRepeatable() {
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

  /** What reading throws because the request was cancelled is a cancellation. */
  private final class Cancellable extends FilterInputStream {
    Cancellable(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (IOException | RuntimeException e) {
        ApacheTap.end(exchange, request, e);
        throw e;
      }
    }
  }
}
