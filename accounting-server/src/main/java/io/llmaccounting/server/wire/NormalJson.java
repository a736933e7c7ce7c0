package io.llmaccounting.server.wire;

import io.llmaccounting.server.wire.JsonSpans.Member;
import io.llmaccounting.server.wire.JsonSpans.Span;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** JSON as it would be written without blanks, and with the members of objects by their names. */
public final class NormalJson {
  /** Deeper than that nobody asks anything. */
  private static final int DEEPEST = 200;

  private final JsonSpans json;
  private final StringBuilder normal = new StringBuilder();

  private NormalJson(byte[] json) {
    this.json = new JsonSpans(json);
  }

  /**
   * The normal form. What is written in two ways inside a text or a number stays two things, and
   * members of one name stay in their order.
   *
   * @return empty if it is no JSON object, or nested too deep
   */
  public static Optional<byte[]> of(byte[] json) {
    NormalJson form = new NormalJson(json);
    try {
      Span root = form.json.root();
      if (!form.json.isObject(root)) {
        return Optional.empty();
      }
      form.write(root, 0);
      return Optional.of(form.normal.toString().getBytes(StandardCharsets.UTF_8));
    } catch (UnreadableJson e) {
      return Optional.empty();
    }
  }

  private void write(Span value, int depth) throws UnreadableJson {
    if (depth > DEEPEST) {
      throw new UnreadableJson("an end", value.from());
    }
    if (json.isObject(value)) {
      List<Member> members =
          json.members(value).all().stream().sorted(Comparator.comparing(Member::name)).toList();
      normal.append('{');
      for (Member member : members) {
        normal.append(JsonText.quoted(member.name())).append(':');
        write(member.value(), depth + 1);
        normal.append(',');
      }
      normal.append('}');
    } else if (json.isArray(value)) {
      normal.append('[');
      for (Span element : json.elements(value)) {
        write(element, depth + 1);
        normal.append(',');
      }
      normal.append(']');
    } else {
      normal.append(json.raw(value));
    }
  }
}
