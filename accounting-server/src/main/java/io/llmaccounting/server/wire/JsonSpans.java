package io.llmaccounting.server.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a JSON text begin and end, so that one can be replaced and every other byte
 * stays. Looks only at what is asked for; what is deeper is passed over.
 */
final class JsonSpans {
  private final byte[] json;

  JsonSpans(byte[] json) {
    this.json = json;
  }

  /**
   * A value.
   *
   * @param from its first byte
   * @param to the byte behind its last
   */
  record Span(int from, int to) {}

  /**
   * A member of an object.
   *
   * @param name its name, without escapes
   * @param value its value
   */
  record Member(String name, Span value) {}

  /** The members of an object, in order. */
  record Members(Span object, List<Member> all) {
    /** The value under {@code name}; of several the last, as servers read it. */
    @Nullable Span last(String name) {
      Span last = null;
      for (Member member : all) {
        last = member.name.equals(name) ? member.value : last;
      }
      return last;
    }
  }

  /** The one value that the text is, whatever byte order mark and blanks are around it. */
  Span root() throws UnreadableJson {
    int from = blanks(startsWithMark() ? 3 : 0);
    Span root = new Span(from, valueEnd(from));
    if (blanks(root.to) != json.length) {
      throw new UnreadableJson("its end", root.to);
    }
    return root;
  }

  boolean isObject(Span value) {
    return json[value.from] == '{';
  }

  boolean isArray(Span value) {
    return json[value.from] == '[';
  }

  boolean isText(Span value) {
    return json[value.from] == '"';
  }

  /** The value as it is written. */
  String raw(Span value) {
    return new String(json, value.from, value.to - value.from, StandardCharsets.UTF_8);
  }

  /** What a text says. */
  String text(Span value) throws UnreadableJson {
    String inner =
        new String(json, value.from + 1, value.to - value.from - 2, StandardCharsets.UTF_8);
    return inner.indexOf('\\') < 0 ? inner : JsonText.unescaped(inner, value.from);
  }

  /** The members of an object. */
  Members members(Span object) throws UnreadableJson {
    List<Member> all = new ArrayList<>();
    int at = blanks(need('{', object.from));
    while (byteAt(at) != '}') {
      at = all.isEmpty() ? at : blanks(need(',', at));
      Span name = new Span(at, textEnd(at));
      int from = blanks(need(':', blanks(name.to)));
      Span value = new Span(from, valueEnd(from));
      all.add(new Member(text(name), value));
      at = blanks(value.to);
    }
    return new Members(object, all);
  }

  /** The elements of an array. */
  List<Span> elements(Span array) throws UnreadableJson {
    List<Span> all = new ArrayList<>();
    int at = blanks(need('[', array.from));
    while (byteAt(at) != ']') {
      at = all.isEmpty() ? at : blanks(need(',', at));
      Span element = new Span(at, valueEnd(at));
      all.add(element);
      at = blanks(element.to);
    }
    return all;
  }

  /** The text with {@code replacement} in the place of {@code span}. */
  byte[] replaced(Span span, String replacement) {
    ByteArrayOutputStream edited = new ByteArrayOutputStream(json.length + replacement.length());
    edited.write(json, 0, span.from);
    edited.writeBytes(replacement.getBytes(StandardCharsets.UTF_8));
    edited.write(json, span.to, json.length - span.to);
    return edited.toByteArray();
  }

  private boolean startsWithMark() {
    return json.length >= 3
        && json[0] == (byte) 0xEF
        && json[1] == (byte) 0xBB
        && json[2] == (byte) 0xBF;
  }

  private int valueEnd(int from) throws UnreadableJson {
    return switch (byteAt(from)) {
      case '{', '[' -> nestedEnd(from);
      case '"' -> textEnd(from);
      default -> wordEnd(from);
    };
  }

  private int nestedEnd(int from) throws UnreadableJson {
    int depth = 0;
    int at = from;
    do {
      switch (byteAt(at)) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case '"' -> at = textEnd(at) - 1;
        default -> {}
      }
      at++;
    } while (depth > 0);
    return at;
  }

  private int textEnd(int from) throws UnreadableJson {
    int at = need('"', from);
    while (byteAt(at) != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private int wordEnd(int from) throws UnreadableJson {
    int at = from;
    while (at < json.length && isOfWord(json[at])) {
      at++;
    }
    if (at == from) {
      throw new UnreadableJson("a value", from);
    }
    return at;
  }

  private static boolean isOfWord(byte one) {
    return (one >= '0' && one <= '9')
        || (one >= 'a' && one <= 'z')
        || (one >= 'A' && one <= 'Z')
        || one == '-'
        || one == '+'
        || one == '.';
  }

  private int blanks(int from) {
    int at = from;
    while (at < json.length
        && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
      at++;
    }
    return at;
  }

  private int need(char expected, int at) throws UnreadableJson {
    if (byteAt(at) != expected) {
      throw new UnreadableJson(String.valueOf(expected), at);
    }
    return at + 1;
  }

  private byte byteAt(int at) throws UnreadableJson {
    if (at >= json.length) {
      throw new UnreadableJson("more", at);
    }
    return json[at];
  }
}
