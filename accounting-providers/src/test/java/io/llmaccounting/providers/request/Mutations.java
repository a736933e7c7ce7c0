package io.llmaccounting.providers.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Bodies and targets that were damaged at random. */
final class Mutations {
  private static final String MARKS = "{}[]\",:\\019eE-.\n\r";

  private Mutations() {}

  static byte[] of(byte[] original, byte[] other, Random random) {
    byte[] bytes = original;
    for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      int end = at + random.nextInt(Math.min(60, bytes.length - at) + 1);
      int from = random.nextInt(other.length);
      byte[] inserted =
          switch (random.nextInt(4)) {
            case 0 -> new byte[] {(byte) random.nextInt(256)};
            case 1 -> new byte[0];
            case 2 -> MARKS.substring(random.nextInt(MARKS.length())).getBytes(UTF_8);
            default ->
                new String(other, from, Math.min(200, other.length - from), UTF_8).getBytes(UTF_8);
          };
      bytes = spliced(bytes, at, random.nextBoolean() ? at : end, inserted);
    }
    return bytes;
  }

  static RequestTarget target(RequestTarget original, Random random) {
    String path = original.path() == null ? "/model/%zz/invoke" : original.path();
    int at = random.nextInt(path.length() + 1);
    String mark = "%:/?\u0000é".substring(random.nextInt(6));
    return new RequestTarget(
        original.host() + mark, path.substring(0, at) + mark + path.substring(at), false);
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] inserted) {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(bytes, 0, from);
    result.writeBytes(inserted);
    result.write(bytes, to, bytes.length - to);
    return result.toByteArray();
  }
}
