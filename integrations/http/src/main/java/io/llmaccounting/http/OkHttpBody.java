package io.llmaccounting.http;

import io.llmaccounting.tap.Exchange;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/** A body that tells an exchange what is read of it. Confined to one thread at a time. */
final class OkHttpBody extends ResponseBody {
  private final ResponseBody body;
  private final BufferedSource source;

  OkHttpBody(ResponseBody body, Exchange exchange, Call call) {
    this.body = body;
    this.source = Okio.buffer(new Passing(body.source(), exchange, call));
  }

  @Override
  public @Nullable MediaType contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public BufferedSource source() {
    return source;
  }

  private static final class Passing extends ForwardingSource {
    private final Exchange exchange;
    private final Call call;
    private final byte[] slice = new byte[8_192];

    Passing(Source real, Exchange exchange, Call call) {
      super(real);
      this.exchange = exchange;
      this.call = call;
    }

    @Override
    public long read(Buffer sink, long most) throws IOException {
      long read;
      try {
        read = super.read(sink, most);
      } catch (IOException | RuntimeException e) {
        OkHttpTap.end(exchange, call, e);
        throw e;
      }
      if (read < 0) {
        Exchange.await(exchange.completed());
      } else {
        // shares the bytes with the sink
        Buffer piece = new Buffer();
        sink.copyTo(piece, sink.size() - read, read);
        for (int n = piece.read(slice); n > 0; n = piece.read(slice)) {
          exchange.feed(slice, 0, n);
        }
      }
      return read;
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
}
