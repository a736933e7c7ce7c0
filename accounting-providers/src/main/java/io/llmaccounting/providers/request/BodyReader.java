package io.llmaccounting.providers.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a body apart in one of the forms that bodies have. Confined to one thread. */
interface BodyReader {
  /** Takes in the next bytes. */
  void feed(byte[] bytes, int offset, int length) throws UnreadableBody;

  /** Nothing more comes; {@code whole} says whether the end is to be checked. */
  void end(boolean whole) throws UnreadableBody;

  /** Whether some server takes this name for that of the model: those written in Go ignore case. */
  static boolean namesModel(String name) {
    return name.equalsIgnoreCase("model");
  }

  /** Which of several models is asked differs from server to server. */
  static void requireOneModel(int named) throws UnreadableBody {
    if (named > 1) {
      throw new UnreadableBody("names its model %d times".formatted(named));
    }
  }

  /** The form that a body with this first byte has; null for a blank, which says nothing. */
  static @Nullable BodyReader startingWith(byte first, List<FieldCapture> captures)
      throws UnreadableBody {
    return switch (first) {
      case ' ', '\t', '\r', '\n' -> null;
      // 0xEF starts the mark of UTF-8 that some write before JSON.
      case '{', (byte) 0xEF -> new JsonBody(captures);
      case '-' -> new FormBody(captures);
      default -> throw new UnreadableBody("is neither a JSON object nor a form");
    };
  }
}
