package io.llmaccounting.server.gateway;

import io.llmaccounting.server.owned.ObjectIds;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes what an answer of a model says that it keeps the caller's own: the answer itself, and the
 * containers that it worked in. Reads a bounded copy. On the event loop of the request.
 */
final class Claims {
  private static final int MOST_BYTES = 1 << 20;
  private static final int OVERLAP = 256;

  private static final Pattern CONTAINER =
      Pattern.compile(
          "\"container(?:_id)?\"\\s*:\\s*(?:\\{\\s*\"id\"\\s*:\\s*)?\"((?:cntr|container)_[\\w-]{1,200})\"");

  private final Tenancy tenancy;
  private final List<Future<Void>> claims = new ArrayList<>();
  private final Set<String> containers = new HashSet<>();
  private Buffer begun = Buffer.buffer();
  private boolean found;
  private int nextLook;
  private String tail = "";

  Claims(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /** The next piece, as it came from the upstream. */
  void feed(Buffer piece) {
    if (!found) {
      begun.appendBuffer(piece);
      if (begun.length() >= nextLook) {
        look();
      }
    }
    String text = tail + piece.toString(StandardCharsets.ISO_8859_1);
    if (text.contains("cntr_") || text.contains("container_")) {
      Matcher container = CONTAINER.matcher(text);
      while (container.find()) {
        if (containers.add(container.group(1))) {
          claims.add(tenancy.claim(List.of(container.group(1))));
        }
      }
    }
    tail = text.substring(Math.max(0, text.length() - OVERLAP));
  }

  private void look() {
    byte[] bytes = begun.getBytes();
    int from = 0;
    while (from < bytes.length && bytes[from] != '{') {
      from++;
    }
    String id = ObjectIds.own(bytes, from, bytes.length - from);
    if (id != null) {
      claims.add(tenancy.claim(List.of(id)));
    }
    found = id != null || bytes.length > MOST_BYTES;
    nextLook = 2 * bytes.length;
    if (found) {
      begun = Buffer.buffer();
    }
  }

  /** All has come. Done once every instance knows whose it is. */
  Future<Void> done() {
    if (!found) {
      look();
    }
    return Future.join(claims).mapEmpty();
  }
}
