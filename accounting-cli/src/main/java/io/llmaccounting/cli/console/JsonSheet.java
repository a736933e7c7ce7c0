package io.llmaccounting.cli.console;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One object, or an array with an object a line. */
final class JsonSheet extends Sheet {
  private final boolean single;
  private final JsonGenerator json;
  private boolean begun;

  JsonSheet(Style style, List<Column> columns, boolean single) {
    super(style, columns);
    this.single = single;
    this.json = JsonText.writing(style.out(), ",\n");
  }

  @Override
  void print(@Nullable Object[] values) {
    try {
      if (!begun && !single) {
        style.out().print("[\n");
      }
      begun = true;
      json.writeStartObject();
      for (int i = 0; i < values.length; i++) {
        json.writeFieldName(columns.get(i).name());
        JsonText.write(json, values[i]);
      }
      json.writeEndObject();
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void end() {
    if (!single) {
      style.out().print(begun ? "\n]" : "[]");
    }
    if (begun || !single) {
      style.out().print("\n");
    }
    style.out().flush();
  }
}
