package io.llmaccounting.server.gateway;

import io.llmaccounting.providers.request.ReadRequest;
import io.llmaccounting.providers.request.RequestReader;
import io.llmaccounting.providers.request.RequestStream;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a body asks, and refuses what a provider might read in another way: its model would be
 * another one than that which was permitted. A body behind a path that names the model may say what
 * it likes. On the event loop of its request.
 */
final class BodyReading implements IncomingBody.ReadAlong {
  private static final Pattern BOUNDARY =
      Pattern.compile(";\\s*boundary=(?:\"([^\"]*)\"|([^\";\\s]+))", Pattern.CASE_INSENSITIVE);

  private final RequestReader reader;
  private final RequestTarget target;
  private final MultiMap headers;
  private final long most;
  private final boolean pathDecides;
  private @Nullable RequestStream rest;
  private @Nullable String model;

  /**
   * Reads for {@code target}.
   *
   * @param pathDecides whether its path names the model
   * @param most how many bytes may be unpacked
   */
  BodyReading(
      RequestReader reader,
      RequestTarget target,
      boolean pathDecides,
      MultiMap headers,
      long most) {
    this.reader = reader;
    this.target = target;
    this.headers = headers;
    this.most = most;
    this.pathDecides = pathDecides;
  }

  /**
   * Reads a body, or what has come of it: then the rest goes through {@link #more} and {@link
   * #all}.
   *
   * @throws RefusedException if it can be read in two ways
   */
  ReadRequest read(Buffer came, boolean whole) {
    byte[] bytes = isPacked() ? unpacked(came.getBytes(), whole) : came.getBytes();
    requireForm(bytes);
    RequestStream stream = reader.stream(target);
    stream.feed(bytes);
    if (whole) {
      ReadRequest read = stream.finish();
      requireReadable(read);
      return read;
    }
    ReadRequest begun = reader.read(bytes, target);
    rest = stream;
    model = begun.model();
    return begun;
  }

  /** What comes behind what was read. */
  @Override
  public void more(Buffer piece) {
    if (rest != null && !isPacked()) {
      rest.feed(piece.getBytes());
    }
  }

  /** All has come; fails where it asks for another model than its beginning. */
  @Override
  public Future<Void> all() {
    try {
      requireSame();
      return Future.succeededFuture();
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
  }

  private void requireSame() {
    if (rest == null || isPacked() || pathDecides) {
      return;
    }
    ReadRequest read = rest.finish();
    requireReadable(read);
    if (model != null && !model.equals(read.model())) {
      throw refused(Refusal.Code.BAD_REQUEST, "the request names another model at its end");
    }
  }

  boolean isPacked() {
    return headers.contains("Content-Encoding");
  }

  private void requireReadable(ReadRequest read) {
    if (read.model() != null && read.problem() != null && !pathDecides) {
      throw refused(Refusal.Code.BAD_REQUEST, "the request " + read.problem());
    }
  }

  /** The header tells the form for a provider, the first byte for us. */
  private void requireForm(byte[] bytes) {
    String type = String.valueOf(headers.get("Content-Type")).strip();
    boolean multipart = type.toLowerCase(Locale.ROOT).startsWith("multipart/");
    int first = 0;
    while (first < bytes.length && Character.isWhitespace(bytes[first])) {
      first++;
    }
    boolean form = first < bytes.length && bytes[first] == '-';
    Matcher named = BOUNDARY.matcher(type);
    boolean agree =
        form
            ? multipart && named.find() && begins(bytes, first, named) && !named.find()
            : !multipart;
    if (!agree && !pathDecides) {
      throw refused(
          Refusal.Code.BAD_REQUEST,
          "the request must have the form that its Content-Type tells, and begin with the"
              + " boundary");
    }
  }

  private static boolean begins(byte[] bytes, int first, Matcher named) {
    String line = "--" + (named.group(1) == null ? named.group(2) : named.group(1)) + "\r\n";
    String text =
        new String(
            bytes,
            first,
            Math.min(line.length(), bytes.length - first),
            StandardCharsets.ISO_8859_1);
    return text.equals(line);
  }

  private byte[] unpacked(byte[] packed, boolean whole) {
    if (packed.length < 2 || packed[0] != 0x1F || packed[1] != (byte) 0x8B) {
      return packed;
    }
    int bound = (int) Math.min(most + 1, Integer.MAX_VALUE - 8);
    try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] bytes = gzip.readNBytes(bound);
      if ((bytes.length == bound || !whole) && !pathDecides) {
        throw tooLarge();
      }
      return bytes;
    } catch (IOException e) {
      if (whole || pathDecides) {
        throw refused(Refusal.Code.BAD_REQUEST, "the request is no gzip");
      }
      throw tooLarge();
    }
  }

  private RefusedException tooLarge() {
    return refused(
        Refusal.Code.REQUEST_TOO_LARGE,
        "a packed request may have %d bytes, unpacked too; send it as it is, or have the gateway's bodies.inspected raised"
            .formatted(most));
  }

  private static RefusedException refused(Refusal.Code code, String message) {
    return new RefusedException(Refusal.of(code, message));
  }
}
