package io.llmaccounting.server.wire;

import io.llmaccounting.server.wire.JsonSpans.Members;
import io.llmaccounting.server.wire.JsonSpans.Span;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Drops from a stream of chat completions the one chunk that only those get who ask for usage:
 * {@code "choices":[]} with a usage. Every other byte passes as it came, as soon as the line that
 * it is in is complete; {@code "usage":null}, which other chunks then have, stays, as clients
 * ignore it. An event of more than 64 KiB passes whatever it is.
 *
 * <p>An encoded stream cannot be filtered: ask {@link #reads} first, and send {@code
 * Accept-Encoding: identity} upstream. One for each stream; confined to one thread.
 */
public final class HiddenUsage {
  private static final int MOST = 64 * 1024;

  /** What happens to the bytes of the present event. */
  private enum Course {
    /** Nothing is known yet: its lines wait. */
    HELD,
    /** It passes. */
    PASSED,
    /** It is the chunk. */
    DROPPED
  }

  // lines of the event that wait, and the line that has begun
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private Course course = Course.HELD;
  // where the line feed goes that may come after a carriage return
  private Course lastCourse = Course.PASSED;
  private boolean afterReturn;
  private boolean lineBegun;

  /** Whether the answer with these headers is a stream that can be filtered. */
  public static boolean reads(MultiMap answer) {
    String type = answer.get("content-type");
    String encoding = answer.get("content-encoding");
    return type != null
        && type.strip().toLowerCase(Locale.ROOT).startsWith("text/event-stream")
        && (encoding == null || encoding.strip().equalsIgnoreCase("identity"));
  }

  /** Takes the next bytes and returns those that pass now, maybe none. */
  public Buffer take(Buffer piece) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream(piece.length() + held.size());
    byte[] bytes = piece.getBytes();
    for (byte one : bytes) {
      take(one, passed);
    }
    return Buffer.buffer(passed.toByteArray());
  }

  /** Returns what is left at the end of the stream: a last line may lack its end. */
  public Buffer end() {
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    if (course == Course.HELD && !isTheChunk()) {
      release(passed);
    }
    held.reset();
    line.reset();
    return Buffer.buffer(passed.toByteArray());
  }

  private void take(byte one, ByteArrayOutputStream passed) {
    boolean endsReturn = afterReturn && one == '\n';
    afterReturn = one == '\r';
    if (endsReturn) {
      put(lastCourse, one, passed);
    } else if (one == '\n' || one == '\r') {
      lineEnds(one, passed);
    } else {
      lineBegun = true;
      if (course == Course.HELD) {
        line.write(one);
        if (held.size() + line.size() > MOST) {
          release(passed);
        }
      } else {
        put(course, one, passed);
      }
    }
  }

  private void lineEnds(byte one, ByteArrayOutputStream passed) {
    if (!lineBegun) {
      eventEnds(one, passed);
      return;
    }
    lineBegun = false;
    if (course == Course.HELD) {
      if (isTheChunk()) {
        held.reset();
        line.reset();
        course = Course.DROPPED;
      } else if (isData() || (held.size() == 0 && isComment())) {
        boolean decided = isData();
        release(passed);
        passed.write(one);
        lastCourse = Course.PASSED;
        course = decided ? Course.PASSED : Course.HELD;
        return;
      } else {
        line.write(one);
        held.writeBytes(line.toByteArray());
        line.reset();
      }
    } else {
      put(course, one, passed);
    }
    lastCourse = course;
  }

  private void eventEnds(byte one, ByteArrayOutputStream passed) {
    if (course == Course.HELD) {
      release(passed);
    }
    put(course, one, passed);
    lastCourse = course;
    course = Course.HELD;
  }

  private void release(ByteArrayOutputStream passed) {
    passed.writeBytes(held.toByteArray());
    passed.writeBytes(line.toByteArray());
    held.reset();
    line.reset();
    course = Course.PASSED;
  }

  private void put(Course where, byte one, ByteArrayOutputStream passed) {
    switch (where) {
      case HELD -> held.write(one);
      case PASSED -> passed.write(one);
      case DROPPED -> {}
    }
  }

  private boolean isComment() {
    return line.size() > 0 && line.toByteArray()[0] == ':';
  }

  private boolean isData() {
    byte[] bytes = line.toByteArray();
    return dataAt(bytes) >= 0;
  }

  /** Where the data of a line begin; below 0 where it has none. */
  private static int dataAt(byte[] bytes) {
    byte[] field = {'d', 'a', 't', 'a', ':'};
    if (bytes.length < field.length) {
      return -1;
    }
    for (int i = 0; i < field.length; i++) {
      if (bytes[i] != field[i]) {
        return -1;
      }
    }
    return field.length;
  }

  private boolean isTheChunk() {
    byte[] bytes = line.toByteArray();
    int data = dataAt(bytes);
    return data >= 0 && isTheChunk(Arrays.copyOfRange(bytes, data, bytes.length));
  }

  private static boolean isTheChunk(byte[] data) {
    JsonSpans json = new JsonSpans(data);
    try {
      Span root = json.root();
      if (!json.isObject(root)) {
        return false;
      }
      Members members = json.members(root);
      Span choices = members.last("choices");
      Span usage = members.last("usage");
      Span error = members.last("error");
      return choices != null
          && json.isArray(choices)
          && json.elements(choices).isEmpty()
          && usage != null
          && json.isObject(usage)
          && (error == null || json.raw(error).equals("null"));
    } catch (UnreadableJson e) {
      return false;
    }
  }
}
