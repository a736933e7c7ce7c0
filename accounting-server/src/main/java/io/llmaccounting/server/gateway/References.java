package io.llmaccounting.server.gateway;

import io.llmaccounting.server.owned.ObjectIds;
import io.llmaccounting.server.owned.PassingReferences;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a request refers to of what upstreams keep. On the event loop of its request.
 */
final class References {
  private static final int MOST_UNPACKED = 64 << 20;
  private static final Pattern UNSTORED = Pattern.compile("\"store\"\\s*:\\s*false");
  private static final Pattern STORED = Pattern.compile("\"store\"\\s*:\\s*true");

  private final PassageContext passage;
  private final IncomingBody body;
  private final String type;
  private @Nullable String text;

  References(PassageContext passage, IncomingBody body) {
    this.passage = passage;
    this.body = body;
    this.type =
        String.valueOf(passage.request().getHeader("Content-Type")).toLowerCase(Locale.ROOT);
  }

  /** Holds a body at which no model is read, if it may refer to something. */
  Future<Void> collected() {
    return body.isThere() && !isOfBytes() ? body.collect() : Future.succeededFuture();
  }

  private boolean isOfBytes() {
    return type.startsWith("multipart/")
        || type.startsWith("application/octet-stream")
        || type.startsWith("image/")
        || type.startsWith("audio/")
        || type.startsWith("video/");
  }

  /**
   * The ids that what is held of the body refers to.
   *
   * @throws RefusedException if nobody can tell
   */
  Set<String> found() {
    if (!isPacked() && body.isWhole() && !ObjectIds.mayRefer(text())) {
      return Set.of();
    }
    byte[] bytes = unpacked(body.held().getBytes());
    int first = 0;
    while (first < bytes.length && bytes[first] <= ' ') {
      first++;
    }
    boolean json = first < bytes.length && (bytes[first] == '{' || bytes[first] == '[');
    if (!json) {
      return Set.of();
    }
    if (!body.isWhole()) {
      PassingReferences begun = new PassingReferences(false);
      begun.feed(bytes);
      return begun.found();
    }
    try {
      return ObjectIds.references(bytes);
    } catch (IOException e) {
      throw refused(Refusal.Code.BAD_REQUEST, "the request is no JSON that can be read");
    }
  }

  private boolean isPacked() {
    Buffer held = body.held();
    return held.length() >= 2 && held.getByte(0) == 0x1F && held.getByte(1) == (byte) 0x8B;
  }

  /** What is held, byte by byte. */
  private String text() {
    String known = text;
    if (known == null) {
      known = body.held().toString(StandardCharsets.ISO_8859_1);
      text = known;
    }
    return known;
  }

  private byte[] unpacked(byte[] packed) {
    if (!isPacked()) {
      return packed;
    }
    try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] bytes = gzip.readNBytes(MOST_UNPACKED);
      if (bytes.length < MOST_UNPACKED && body.isWhole()) {
        return bytes;
      }
    } catch (IOException e) {
      if (body.isWhole()) {
        throw refused(Refusal.Code.BAD_REQUEST, "the request is no gzip");
      }
    }
    throw refused(
        Refusal.Code.REQUEST_TOO_LARGE,
        "a packed request that is so long cannot be read here; send it as it is");
  }

  /** Whether the rest of a body has to be read. */
  boolean isReadOn() {
    return body.isThere() && !body.isWhole() && (!isOfBytes() || type.startsWith("multipart/"));
  }

  /** Has the rest of a body read that is too long to be held, or is a form. */
  void readOn(Tenancy tenancy) {
    boolean isForm = type.startsWith("multipart/");
    if (!isReadOn()) {
      return;
    }
    PassingReferences passing = new PassingReferences(isForm);
    passing.feed(body.held().getBytes());
    body.readOn(
        new IncomingBody.ReadAlong() {
          @Override
          public void more(Buffer piece) {
            passing.feed(piece.getBytes());
          }

          @Override
          public Future<Void> all() {
            return tenancy.permit(passing.found(), passage.context()).mapEmpty();
          }
        });
  }

  /** Whether the upstream may keep the answer to a question, so that it can be asked for again. */
  boolean mayBeKept(Asked.Question question) {
    Wire wire = question.route().wire();
    boolean whole = body.isWhole();
    boolean says = whole && text().contains("\"store\"");
    return switch (wire) {
      case OPENAI_RESPONSES -> !says || !UNSTORED.matcher(text()).find();
      case OPENAI_CHAT -> says && STORED.matcher(text()).find();
      case ANTHROPIC -> text().contains("code_execution") || text().contains("\"container\"");
      default -> question.route().reading().object() != null;
    };
  }

  private static RefusedException refused(Refusal.Code code, String message) {
    return new RefusedException(Refusal.of(code, message));
  }
}
