package io.llmaccounting.server.rest.contract;

import io.llmaccounting.cli.console.Near;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a value must be: the part of JSON Schema that the contract uses. Values are those of {@link
 * io.llmaccounting.json.JsonFields#values}. Immutable, safe for use by many threads.
 */
public final class Schema {
  /** The keywords that are known; those behind the first line only tell people something. */
  static final Set<String> KNOWN =
      Set.of(
          "$ref",
          "type",
          "enum",
          "const",
          "pattern",
          "format",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "items",
          "minItems",
          "maxItems",
          "uniqueItems",
          "properties",
          "required",
          "additionalProperties",
          "minProperties",
          "maxProperties",
          "description",
          "title",
          "default",
          "examples");

  private static final int MOST_FAULTS = 20;

  private final Keywords keywords;
  private final Schemas schemas;
  private final ScalarRules scalars;
  private final Map<String, Schema> properties = new LinkedHashMap<>();
  private final @Nullable Schema items;
  private final @Nullable Schema others;
  private final boolean open;

  Schema(Keywords keywords, Schemas schemas) {
    this.keywords = keywords;
    this.schemas = schemas;
    this.scalars = new ScalarRules(keywords);
    Set<String> unknown = new LinkedHashSet<>(keywords.all().keySet());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw new IllegalStateException("the contract has keywords that nobody checks: " + unknown);
    }
    Keywords fields = keywords.object("properties");
    fields.all().keySet().forEach(name -> properties.put(name, below(fields, name)));
    this.items = keywords.has("items") ? below(keywords, "items") : null;
    Object more = keywords.all().get("additionalProperties");
    this.open = !Boolean.FALSE.equals(more);
    this.others = more instanceof Map<?, ?> ? below(keywords, "additionalProperties") : null;
  }

  private Schema below(Keywords above, String name) {
    return new Schema(above.object(name), schemas);
  }

  /** What is wrong with {@code value}, at most 20 faults; empty where nothing is. */
  public List<Fault> check(@Nullable Object value, String field) {
    List<Fault> faults = new ArrayList<>();
    check(value, field, faults);
    return faults;
  }

  private void check(@Nullable Object value, String at, List<Fault> faults) {
    if (faults.size() >= MOST_FAULTS) {
      return;
    }
    Schema target = target();
    if (target != this) {
      target.check(value, at, faults);
    } else if (value instanceof Map<?, ?> map && accepts("object")) {
      checkObject(map, at, faults);
    } else if (value instanceof List<?> list && accepts("array")) {
      checkList(list, at, faults);
    } else {
      scalars.check(value, at, faults);
    }
  }

  /** What a reference leads to; this itself where it is none. */
  public Schema target() {
    String ref = keywords.text("$ref");
    return ref == null ? this : schemas.find(ref);
  }

  /** The schema of the entries of a list, or null. */
  public @Nullable Schema items() {
    return target().items;
  }

  /** The schemas of the fields of an object, by name. */
  public Map<String, Schema> properties() {
    return Collections.unmodifiableMap(target().properties);
  }

  /** The names of the fields that an object must have. */
  public List<String> required() {
    return target().keywords.texts("required");
  }

  /** The type, such as {@code object}; {@code string} where none is said. */
  public String type() {
    String type = target().keywords.text("type");
    return type == null ? "string" : type;
  }

  /** What the contract says of a value, by keyword, where a reference leads to. */
  public Map<String, Object> stated() {
    return target().keywords.all();
  }

  /** What the contract says here, by keyword, a reference included. */
  public Map<String, Object> ownStated() {
    return keywords.all();
  }

  private boolean accepts(String type) {
    return !keywords.has("type") || type.equals(keywords.text("type"));
  }

  private void checkObject(Map<?, ?> map, String at, List<Fault> faults) {
    for (String name : keywords.texts("required")) {
      if (!map.containsKey(name)) {
        faults.add(Fault.missing(at + "/" + name));
      }
    }
    int most = keywords.whole("maxProperties", Integer.MAX_VALUE);
    if (map.size() > most) {
      faults.add(Fault.of(at, "have at most %d fields".formatted(most), map.size()));
      return;
    }
    if (map.size() < keywords.whole("minProperties", 0)) {
      faults.add(Fault.of(at, "have a field", "none"));
    }
    map.forEach((name, value) -> checkField(String.valueOf(name), value, at, faults));
  }

  private void checkField(String name, @Nullable Object value, String at, List<Fault> faults) {
    String below = at + "/" + name.replace("~", "~0").replace("/", "~1");
    Schema known = properties.getOrDefault(name, others);
    if (known != null) {
      known.check(value, below, faults);
    } else if (!open && faults.size() < MOST_FAULTS) {
      String near = Near.question(name, properties.keySet());
      faults.add(Fault.of(below, ("be left out. " + near).strip(), "given"));
    }
  }

  private void checkList(List<?> list, String at, List<Fault> faults) {
    int least = keywords.whole("minItems", 0);
    int most = keywords.whole("maxItems", Integer.MAX_VALUE);
    if (list.size() < least || list.size() > most) {
      faults.add(
          Fault.of(
              at,
              most == Integer.MAX_VALUE
                  ? "have at least %d entries".formatted(least)
                  : "have from %d to %d entries".formatted(least, most),
              list.size()));
      return;
    }
    if (keywords.flag("uniqueItems") && new LinkedHashSet<>(list).size() < list.size()) {
      faults.add(Fault.of(at, "name nothing twice", list));
    }
    if (items != null) {
      for (int i = 0; i < list.size(); i++) {
        items.check(list.get(i), at + "/" + i, faults);
      }
    }
  }
}
