package io.llmaccounting.providers.request;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body as it passes by, cut into pieces anywhere. Keeps figures and names, never texts.
 * Confined to one thread at a time.
 */
public final class RequestStream {
  static final long MAX_BYTES = 256L * 1024 * 1024;
  static final int MAX_DEPTH = 500;

  private final RequestTarget target;
  private final RequestPath path;
  private final @Nullable String provider;
  private final List<FieldCapture> captures;
  private @Nullable BodyReader body;
  private long bytes;
  private @Nullable String problem;
  private @Nullable ReadRequest result;

  RequestStream(RequestTarget target, @Nullable String provider) {
    this.target = Objects.requireNonNull(target, "target is required, was null");
    this.provider = provider;
    this.path = RequestPath.of(target.path());
    this.captures = RequestDialects.of(path).stream().map(FieldCapture::new).toList();
  }

  /**
   * Takes in the next piece. A piece that can not be read is no error here: the result says so.
   *
   * @throws IllegalStateException if the stream was finished
   */
  public void feed(byte[] piece) {
    feed(piece, 0, piece.length);
  }

  /**
   * Takes in what remains of the next piece.
   *
   * @throws IllegalStateException if the stream was finished
   */
  public void feed(ByteBuffer piece) {
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    feed(copy, 0, copy.length);
  }

  /**
   * Takes in {@code length} bytes of {@code piece} from {@code offset} on.
   *
   * @throws IllegalStateException if the stream was finished
   * @throws IndexOutOfBoundsException if the range lies outside {@code piece}
   */
  public void feed(byte[] piece, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, piece.length);
    if (result != null) {
      throw new IllegalStateException(
          "request was finished; start another with RequestReader.stream()");
    }
    bytes += length;
    if (problem != null) {
      return;
    }
    try {
      if (bytes > MAX_BYTES) {
        throw new UnreadableBody("is longer than " + MAX_BYTES + " bytes");
      }
      take(piece, offset, length);
    } catch (UnreadableBody e) {
      problem = e.problem();
    }
  }

  private void take(byte[] piece, int offset, int length) throws UnreadableBody {
    int from = offset;
    while (body == null && from < offset + length) {
      body = BodyReader.startingWith(piece[from], captures);
      from += body == null ? 1 : 0;
    }
    if (body != null) {
      body.feed(piece, from, offset + length - from);
    }
  }

  /** Returns what the request says, as far as it was read. Asking again gives an equal answer. */
  public ReadRequest finish() {
    if (result == null) {
      end();
      result = new RequestResult(target, path, provider).of(captures, bytes, problem);
    }
    return result;
  }

  private void end() {
    try {
      if (body == null && problem == null) {
        throw new UnreadableBody("is empty");
      }
      if (body != null) {
        body.end(problem == null);
      }
    } catch (UnreadableBody e) {
      problem = e.problem();
    }
  }
}
