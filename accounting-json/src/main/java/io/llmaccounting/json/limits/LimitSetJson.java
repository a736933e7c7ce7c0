package io.llmaccounting.json.limits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.llmaccounting.limit.LimitSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A set of limits as a JSON file, in UTF-8. Stateless. */
public final class LimitSetJson {
  private static final int DEEPEST = 16;
  private static final long MOST_CHARACTERS = 64L * 1024 * 1024;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxDocumentLength(MOST_CHARACTERS)
                  .build())
          .build();

  private LimitSetJson() {}

  /**
   * Reads a set; {@code in} stays open.
   *
   * @throws LimitFileException with all that is wrong with what the file says
   * @throws IOException if it cannot be read
   */
  public static LimitSet read(InputStream in) throws IOException {
    return LimitSetForm.read(tree(in));
  }

  /** Writes a file that {@link #read} reads; {@code out} stays open. */
  public static void write(OutputStream out, LimitSet set) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      write(json, LimitSetForm.write(set));
      json.writeRaw('\n');
    }
  }

  private static void write(JsonGenerator json, FileNode node) throws IOException {
    if (node instanceof FileNode.Fields fields) {
      json.writeStartObject();
      for (Map.Entry<String, FileNode> field : fields.fields().entrySet()) {
        json.writeFieldName(field.getKey());
        write(json, field.getValue());
      }
      json.writeEndObject();
    } else if (node instanceof FileNode.Items items) {
      json.writeStartArray();
      for (FileNode item : items.items()) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (node instanceof FileNode.Text text) {
      json.writeString(text.text());
    }
  }

  private static FileNode tree(InputStream in) throws IOException {
    try (JsonParser json = FACTORY.createParser(in).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)) {
      if (json.nextToken() == null) {
        throw LimitFileException.at(0, "a file of limits must not be empty");
      }
      FileNode whole = node(json);
      if (json.nextToken() != null) {
        throw LimitFileException.at(line(json), "a file of limits must be one object in braces");
      }
      return whole;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
      throw LimitFileException.at(line, "not JSON: " + e.getOriginalMessage());
    }
  }

  private static int line(JsonParser json) {
    return Math.max(0, json.currentTokenLocation().getLineNr());
  }

  private static FileNode node(JsonParser json) throws IOException {
    int line = line(json);
    return switch (json.currentToken()) {
      case START_OBJECT -> fields(json, line);
      case START_ARRAY -> items(json, line);
      case VALUE_NULL -> new FileNode.Text(line, "");
      default -> new FileNode.Text(line, json.getText());
    };
  }

  private static FileNode fields(JsonParser json, int line) throws IOException {
    Map<String, FileNode> fields = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, node(json));
    }
    return new FileNode.Fields(line, fields);
  }

  private static FileNode items(JsonParser json, int line) throws IOException {
    List<FileNode> items = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(json));
    }
    return new FileNode.Items(line, items);
  }
}
