package io.llmaccounting.providers.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A body that is one JSON object. Confined to one thread. */
final class JsonBody implements BodyReader {
  private static final int SLICE = 8_192;
  private static final byte[] LINE_BREAK = {'\n'};

  // Interned names would let a stranger fill the JVM's string table.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(RequestStream.MAX_DEPTH)
                  .maxNumberLength(1_000)
                  .maxStringLength(2 * TextMeter.MAX_TEXT_BYTES)
                  .maxNameLength(2 * TextMeter.MAX_TEXT_BYTES)
                  .build())
          .build();

  private final List<FieldCapture> captures;
  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final TextMeter meter = new TextMeter();
  private byte[] slice = {};
  private long strings;
  private long bytes;
  private int models;
  private int depth;
  private boolean ended;

  JsonBody(List<FieldCapture> captures) {
    this.captures = captures;
    try {
      parser = FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  @Override
  public void feed(byte[] source, int offset, int length) throws UnreadableBody {
    if (slice.length < Math.min(SLICE, length)) {
      slice = new byte[Math.min(SLICE, Math.max(length, 2 * slice.length))];
    }
    for (int from = offset; from < offset + length; from += SLICE) {
      int taken = Math.min(SLICE, offset + length - from);
      int copied = meter.copy(source, from, taken, slice);
      bytes += taken;
      if (copied > 0) {
        parse(copied);
      }
    }
  }

  @Override
  public void end(boolean whole) throws UnreadableBody {
    try {
      if (whole && !ended) {
        throw new UnreadableBody("ends in the middle of its JSON");
      }
      if (whole) {
        // What follows the object may be a word that has no end yet.
        feed(LINE_BREAK, 0, 1);
        BodyReader.requireOneModel(models);
      }
    } finally {
      close();
    }
  }

  private void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void parse(int length) throws UnreadableBody {
    try {
      feeder.feedInput(slice, 0, length);
      for (JsonToken token = parser.nextToken();
          token != null && token != JsonToken.NOT_AVAILABLE;
          token = parser.nextToken()) {
        take(token);
      }
    } catch (StreamConstraintsException e) {
      throw new UnreadableBody("exceeds a bound: " + e.getOriginalMessage());
    } catch (IOException e) {
      // The parser's words quote what it found, which may be somebody's prompt.
      throw new UnreadableBody("is no JSON near byte " + bytes);
    }
  }

  private void take(JsonToken token) throws IOException, UnreadableBody {
    if (ended || (depth == 0 && token != JsonToken.START_OBJECT)) {
      throw new UnreadableBody("is not one JSON object");
    }
    switch (token) {
      case START_OBJECT -> {
        depth++;
        captures.forEach(FieldCapture::startObject);
      }
      case START_ARRAY -> {
        depth++;
        captures.forEach(FieldCapture::startArray);
      }
      case END_OBJECT, END_ARRAY -> {
        depth--;
        ended = depth == 0;
        captures.forEach(FieldCapture::end);
      }
      case FIELD_NAME -> {
        String name = parser.currentName();
        long length = length(name);
        models += depth == 1 && BodyReader.namesModel(name) ? 1 : 0;
        captures.forEach(capture -> capture.name(name, length));
      }
      case VALUE_STRING -> text();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        String number = parser.getText();
        captures.forEach(capture -> capture.number(number));
      }
      case VALUE_TRUE, VALUE_FALSE ->
          captures.forEach(capture -> capture.flag(token == JsonToken.VALUE_TRUE));
      default -> {
        // null says nothing
      }
    }
  }

  private void text() throws IOException {
    String text = parser.getText();
    long characters = meter.charactersOf(strings++);
    @Nullable String whole = characters < 0 ? text : null;
    long length = characters < 0 ? text.codePointCount(0, text.length()) : characters;
    captures.forEach(capture -> capture.text(whole, length));
  }

  private long length(String name) {
    long characters = meter.charactersOf(strings++);
    return characters < 0 ? name.codePointCount(0, name.length()) : characters;
  }
}
