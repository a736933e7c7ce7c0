package io.llmaccounting.server.rest.contract;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of an operation.
 *
 * @param name its name
 * @param place where it stands: {@code path}, {@code query} or {@code header}
 * @param required whether it must be there
 * @param schema what it must be
 * @param about what it is for
 */
public record Parameter(String name, String place, boolean required, Schema schema, String about) {

  /** Whether it may be given several times. */
  public boolean isList() {
    return schema.type().equals("array");
  }

  /**
   * Reads what was given as a value.
   *
   * @param texts at least one
   * @param faults is told what is wrong with them
   * @return null where something is
   */
  public @Nullable Object read(List<String> texts, List<Fault> faults) {
    if (!isList() && texts.size() > 1) {
      faults.add(Fault.of(name, "be given once", texts.size() + " times"));
      return null;
    }
    Schema items = schema.items();
    List<Object> values = new ArrayList<>();
    texts.forEach(text -> values.add(value(text, items == null ? schema : items)));
    Object value = isList() ? values : values.get(0);
    List<Fault> wrong = schema.check(value, name);
    faults.addAll(wrong);
    return wrong.isEmpty() ? value : null;
  }

  private static Object value(String text, Schema schema) {
    try {
      return switch (schema.type()) {
        case "integer", "number" -> text.length() > 40 ? text : new BigDecimal(text);
        case "boolean" -> text.equals("true") || text.equals("false") ? text.equals("true") : text;
        default -> text;
      };
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
