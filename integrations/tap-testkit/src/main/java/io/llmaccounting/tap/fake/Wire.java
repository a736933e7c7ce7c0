package io.llmaccounting.tap.fake;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 on one connection. Confined to one thread. */
final class Wire {
  private static final byte[] LINE_END = {'\r', '\n'};

  private final InputStream in;
  private final OutputStream out;

  Wire(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** The next request; null where the client ends the connection. */
  @Nullable SentRequest read() throws IOException {
    String line = line();
    if (line == null || line.isBlank()) {
      return null;
    }
    String[] words = line.split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(); header != null && !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      ascii("HTTP/1.1 100 Continue\r\n\r\n");
      out.flush();
    }
    return new SentRequest(words[0], words[1], headers, body(headers));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.containsKey("content-length")) {
      return exactly(Integer.parseInt(headers.get("content-length")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        body.writeBytes(exactly(size));
        line();
      }
      line();
    }
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    String size = line();
    return size == null ? 0 : Integer.parseInt(size.strip(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the client broke off");
    }
    return bytes;
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
    }
    return null;
  }

  /** Sends an answer; false if the connection is to be broken off. */
  boolean write(FakeAnswer answer, SentRequest request) throws IOException, InterruptedException {
    pass(answer.gateBefore(-1));
    boolean packed =
        answer.packed && request.headers().getOrDefault("accept-encoding", "").contains("gzip");
    ascii("HTTP/1.1 " + answer.status + " Planned\r\nTransfer-Encoding: chunked\r\n");
    for (Map.Entry<String, String> header : answer.headers.entrySet()) {
      ascii(header.getKey() + ": " + header.getValue() + "\r\n");
    }
    ascii(packed ? "Content-Encoding: gzip\r\n\r\n" : "\r\n");
    out.flush();
    Chunks chunks = new Chunks();
    OutputStream body = packed ? new GZIPOutputStream(chunks, true) : chunks;
    for (int i = 0; i < answer.size(); i++) {
      pass(answer.gateBefore(i));
      if (answer.brokenAt == i) {
        return false;
      }
      for (int n = 0; n < answer.timesOf(i); n++) {
        body.write(answer.pieces.get(i));
        body.flush();
      }
    }
    pass(answer.gateBefore(answer.size()));
    body.close();
    ascii("0\r\n\r\n");
    out.flush();
    return true;
  }

  private static void pass(@Nullable Gate gate) throws InterruptedException {
    if (gate != null) {
      gate.pass();
    }
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Each write is a chunk of its own. */
  private final class Chunks extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        ascii(Integer.toHexString(length) + "\r\n");
        out.write(bytes, offset, length);
        out.write(LINE_END);
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
