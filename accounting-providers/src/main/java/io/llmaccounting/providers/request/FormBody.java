package io.llmaccounting.providers.request;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A body that is a multipart form (RFC 7578). Its first line tells the boundary, so the header of
 * the request is not needed. Confined to one thread.
 */
final class FormBody implements BodyReader {
  private static final int LONGEST_BOUNDARY = 200;
  private static final int LONGEST_LINE = 4_096;
  private static final int MOST_PARTS = 10_000;
  private static final Pattern NAME =
      Pattern.compile(";\\s*name=(?:\"([^\"]*)\"|([^\";\\s]+))", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE =
      Pattern.compile(";\\s*filename\\*?=", Pattern.CASE_INSENSITIVE);

  private enum State {
    BOUNDARY,
    HEADERS,
    VALUE,
    AFTER_VALUE,
    END
  }

  private final List<FieldCapture> captures;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private State state = State.BOUNDARY;
  private byte[] delimiter = new byte[0];
  private int matched;
  private @Nullable String part;
  private boolean file;
  private long characters;
  private boolean cut;
  private int parts;
  private int models;

  FormBody(List<FieldCapture> captures) {
    this.captures = captures;
    captures.forEach(FieldCapture::startObject);
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) throws UnreadableBody {
    for (int i = offset; i < offset + length; i++) {
      take(bytes[i]);
    }
  }

  @Override
  public void end(boolean whole) throws UnreadableBody {
    captures.forEach(FieldCapture::end);
    if (whole && state != State.END) {
      throw new UnreadableBody("ends in the middle of its form");
    }
    if (whole) {
      BodyReader.requireOneModel(models);
    }
  }

  private void take(byte b) throws UnreadableBody {
    switch (state) {
      case BOUNDARY -> boundary(b);
      case HEADERS -> header(b);
      case VALUE -> value(b);
      case AFTER_VALUE -> afterValue(b);
      case END -> {
        // what follows the last boundary means nothing
      }
    }
  }

  private void boundary(byte b) throws UnreadableBody {
    if (b != '\n') {
      kept.write(b);
      if (kept.size() > LONGEST_BOUNDARY) {
        throw new UnreadableBody("is neither a JSON object nor a form");
      }
      return;
    }
    String line = line();
    if (!line.startsWith("--") || line.length() < 3) {
      throw new UnreadableBody("is neither a JSON object nor a form");
    }
    delimiter = ("\r\n" + line).getBytes(StandardCharsets.ISO_8859_1);
    startHeaders();
  }

  private void startHeaders() throws UnreadableBody {
    if (++parts > MOST_PARTS) {
      throw new UnreadableBody("has more than " + MOST_PARTS + " parts");
    }
    state = State.HEADERS;
    part = null;
    file = false;
  }

  private void header(byte b) {
    if (b != '\n') {
      if (kept.size() < LONGEST_LINE) {
        kept.write(b);
      }
      return;
    }
    String line = line();
    if (line.isEmpty()) {
      state = State.VALUE;
      matched = 0;
      characters = 0;
      cut = false;
    } else if (line.regionMatches(true, 0, "content-disposition:", 0, 20)) {
      Matcher name = NAME.matcher(line);
      part = name.find() ? (name.group(1) == null ? name.group(2) : name.group(1)) : null;
      file = FILE.matcher(line).find();
    }
  }

  /** What was kept as a line, without the carriage return at its end. */
  private String line() {
    String text = kept.toString(StandardCharsets.UTF_8);
    kept.reset();
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private void value(byte b) {
    if (b == delimiter[matched]) {
      matched++;
      if (matched == delimiter.length) {
        endValue();
      }
      return;
    }
    for (int i = 0; i < matched; i++) {
      keep(delimiter[i]);
    }
    // A carriage return starts a boundary, and has no other place in one.
    matched = b == '\r' ? 1 : 0;
    if (matched == 0) {
      keep(b);
    }
  }

  private void keep(byte b) {
    characters += (b & 0xC0) == 0x80 ? 0 : 1;
    if (file || kept.size() >= TextMeter.MAX_TEXT_BYTES) {
      cut = true;
    } else {
      kept.write(b);
    }
  }

  private void endValue() {
    state = State.AFTER_VALUE;
    matched = 0;
    String value = cut ? null : kept.toString(StandardCharsets.UTF_8);
    long length = characters;
    kept.reset();
    if (part == null) {
      return;
    }
    String name = part.endsWith("[]") ? part.substring(0, part.length() - 2) : part;
    models += BodyReader.namesModel(name) ? 1 : 0;
    for (FieldCapture capture : captures) {
      if (file) {
        capture.upload(name);
      } else {
        capture.name(name, 0);
        capture.text(value, length);
      }
    }
  }

  /** After a boundary: two hyphens end the form, a line break starts the next part. */
  private void afterValue(byte b) throws UnreadableBody {
    if (b == '\n') {
      kept.reset();
      startHeaders();
      return;
    }
    if (kept.size() < 2) {
      kept.write(b);
    }
    if (kept.size() == 2 && kept.toString(StandardCharsets.ISO_8859_1).equals("--")) {
      state = State.END;
    }
  }
}
