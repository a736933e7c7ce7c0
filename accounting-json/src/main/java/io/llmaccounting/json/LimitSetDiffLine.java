package io.llmaccounting.json;

import io.llmaccounting.limit.FieldChange;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitSetDiff;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What applying a set of limits changes, as a line. */
public final class LimitSetDiffLine {
  private static final String KIND = "diff";
  private static final String TAKEN_OVER = "taken_over";

  private LimitSetDiffLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, LimitSetDiff diff) throws IOException {
    to.begin(KIND).text("set", diff.set());
    to.beginList("limits");
    for (LimitChange change : diff.changes()) {
      to.beginObject();
      writeFields(to, change);
      to.endObject();
    }
    to.endList().map(TAKEN_OVER, diff.takenOver()).end();
  }

  /** Writes the fields of one change into an object that is open. */
  public static void writeFields(JsonWriter to, LimitChange change) throws IOException {
    to.word("change", change.kind()).text("name", change.name());
    if (change.kind() == LimitChange.Kind.CHANGED) {
      fields(to, change.fields());
    }
    side(to, "before", change.before());
    if (change.kind() != LimitChange.Kind.UNCHANGED) {
      side(to, "after", change.after());
    }
  }

  private static void fields(JsonWriter to, List<FieldChange> fields) throws IOException {
    to.beginList("fields");
    for (FieldChange field : fields) {
      to.beginObject()
          .text("field", field.field())
          .text("from", field.from())
          .text("to", field.to())
          .endObject();
    }
    to.endList();
  }

  private static void side(JsonWriter to, String name, @Nullable Limit limit) throws IOException {
    if (limit != null) {
      to.beginObject(name);
      LimitLine.writeFields(to, limit);
      to.endObject();
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static LimitSetDiff read(JsonFields line) {
    line.requireKind(KIND);
    List<LimitChange> changes = new ArrayList<>();
    for (JsonFields one : line.objects("limits")) {
      changes.add(change(one));
    }
    Map<String, String> takenOver = line.texts(TAKEN_OVER);
    LimitSetDiff diff = new LimitSetDiff(line.text("set"), changes, new TreeMap<>(takenOver));
    line.requireNoOthers();
    return diff;
  }

  private static LimitChange change(JsonFields one) {
    LimitChange.Kind kind = one.word("change", LimitChange.Kind.class);
    Limit before = side(one, "before");
    Limit after = kind == LimitChange.Kind.UNCHANGED ? before : side(one, "after");
    LimitChange change = new LimitChange(before, after);
    if (change.kind() != kind || !change.name().equals(one.text("name"))) {
      throw new IllegalArgumentException(
          "change and name must be those of before and after, were %s and \"%s\""
              .formatted(JsonWriter.word(kind), one.text("name")));
    }
    // follows from before and after
    one.pass("fields");
    one.requireNoOthers();
    return change;
  }

  private static @Nullable Limit side(JsonFields one, String name) {
    JsonFields limit = one.optionalObject(name);
    return limit == null ? null : LimitLine.read(limit);
  }
}
