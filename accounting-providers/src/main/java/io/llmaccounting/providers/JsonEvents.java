package io.llmaccounting.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON objects that follow one another, cut into pieces anywhere, and hands on what each
 * says about usage. Confined to one thread.
 */
final class JsonEvents {
  /** JSON that can not be read. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;

    Malformed(String problem, @Nullable Throwable cause) {
      super(problem, cause);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  private static final int MAX_DEPTH = 500;
  private static final int SLICE = 8_192;
  private static final byte[] LINE_BREAK = {'\n'};

  // Interned names would let a stranger fill the JVM's string table.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(1_000)
                  .maxStringLength(2 * LongTextCutter.MAX_TEXT_BYTES)
                  .maxNameLength(2 * LongTextCutter.MAX_TEXT_BYTES)
                  .build())
          .build();

  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final LongTextCutter cutter = new LongTextCutter();
  private final EventCapture capture;
  private byte[] slice = {};

  JsonEvents(Consumer<AnswerEvent> events) {
    try {
      parser = FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    capture = new EventCapture(events);
  }

  void feed(byte[] bytes, int offset, int length) throws Malformed {
    if (slice.length < Math.min(SLICE, length)) {
      slice = new byte[Math.min(SLICE, Math.max(length, 2 * slice.length))];
    }
    for (int from = offset; from < offset + length; from += SLICE) {
      int copied = cutter.copy(bytes, from, Math.min(SLICE, offset + length - from), slice);
      if (copied > 0) {
        parse(copied);
      }
    }
  }

  /** An event ends here, so its JSON has to as well. */
  void endEvent() throws Malformed {
    feed(LINE_BREAK, 0, 1);
    if (isOpen()) {
      throw new Malformed("has an event that ends in the middle of its JSON", null);
    }
  }

  boolean isOpen() {
    return capture.isOpen();
  }

  /** How many objects were read. */
  int events() {
    return capture.events();
  }

  void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void parse(int length) throws Malformed {
    try {
      feeder.feedInput(slice, 0, length);
      for (JsonToken token = parser.nextToken();
          token != null && token != JsonToken.NOT_AVAILABLE;
          token = parser.nextToken()) {
        capture.accept(token, parser);
      }
    } catch (JsonProcessingException e) {
      throw new Malformed("can not be read as JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new Malformed("can not be read as JSON: " + e.getMessage(), e);
    }
  }
}
