package io.llmaccounting.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.llmaccounting.usage.TokenSource;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys of usage renamed, dropped, repeated, zeroed, moved: no figure may become wrong silently. */
class MutatedUsageTest {
  private static final Set<String> USAGES = Set.of("usage", "usageMetadata", "meta");
  private static final Set<String> TOTALS =
      Set.of("total_tokens", "totalTokens", "totalTokenCount");
  private static final int ROUNDS = 30_000;

  /** One key of an object, which may repeat another. */
  private static final class Field {
    private String name;
    private Object value;

    Field(String name, Object value) {
      this.name = name;
      this.value = value;
    }
  }

  /** An object whose keys may repeat. */
  private static final class Node {
    private final List<Field> fields = new ArrayList<>();
  }

  private final UsageReader reader = UsageReader.create();

  @Test
  @DisplayName("reading, must show: reported parts never contradict a total in the answer")
  void reportedPartsNeverContradictATotal() throws IOException {
    int reported = 0;
    for (long seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Golden golden = Golden.ANSWERS.get(random.nextInt(Golden.ANSWERS.size()));
      Object answer = parse(golden.bytes());
      List<Node> usage = new ArrayList<>();
      usageObjects(answer, false, usage);
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        mutate(usage, random);
      }
      String json = json(answer);
      ReadAnswer read = reader.read(json);
      if (read.answer().source() == TokenSource.REPORTED) {
        reported++;
        List<Node> left = new ArrayList<>();
        usageObjects(answer, false, left);
        for (Node object : left) {
          for (Field field : object.fields) {
            if (TOTALS.contains(field.name) && field.value instanceof Long total) {
              assertThat(read.answer().tokens().total())
                  .as("seed %d, %s: %s", seed, golden, json)
                  .isEqualTo(total);
            }
          }
        }
      }
    }
    assertThat(reported).isBetween(ROUNDS / 20, ROUNDS - ROUNDS / 20);
  }

  private static void mutate(List<Node> usage, Random random) {
    Node from = usage.get(random.nextInt(usage.size()));
    if (from.fields.isEmpty()) {
      return;
    }
    int at = random.nextInt(from.fields.size());
    Field field = from.fields.get(at);
    switch (random.nextInt(5)) {
      case 0 -> field.name = random.nextBoolean() ? field.name + "_x" : anyName(usage, random);
      case 1 -> from.fields.remove(at);
      case 2 ->
          from.fields.add(
              random.nextInt(from.fields.size() + 1),
              new Field(
                  field.name,
                  field.value instanceof Long number && random.nextBoolean()
                      ? number + 1
                      : field.value));
      case 3 -> {
        if (field.value instanceof Long) {
          field.value = 0L;
        }
      }
      default -> {
        if (!(field.value instanceof Node) && !(field.value instanceof List<?>)) {
          from.fields.remove(at);
          usage.get(random.nextInt(usage.size())).fields.add(field);
        }
      }
    }
  }

  private static String anyName(List<Node> usage, Random random) {
    Node object = usage.get(random.nextInt(usage.size()));
    return object.fields.isEmpty()
        ? "x"
        : object.fields.get(random.nextInt(object.fields.size())).name;
  }

  private static void usageObjects(Object value, boolean inside, List<Node> found) {
    if (value instanceof Node object) {
      if (inside) {
        found.add(object);
      }
      for (Field field : object.fields) {
        usageObjects(field.value, inside || USAGES.contains(field.name), found);
      }
    } else if (value instanceof List<?> array) {
      array.forEach(element -> usageObjects(element, inside, found));
    }
  }

  private static Object parse(byte[] bytes) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(bytes)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Node object = new Node();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        object.fields.add(new Field(name, value(parser)));
      }
      return object;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> array = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(value(parser));
      }
      return array;
    }
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NULL -> JsonToken.VALUE_NULL;
      default -> parser.getText();
    };
  }

  private static String json(Object value) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      write(value, generator);
    }
    return text.toString();
  }

  private static void write(Object value, JsonGenerator generator) throws IOException {
    if (value instanceof Node object) {
      generator.writeStartObject();
      for (Field field : object.fields) {
        generator.writeFieldName(field.name);
        write(field.value, generator);
      }
      generator.writeEndObject();
    } else if (value instanceof List<?> array) {
      generator.writeStartArray();
      for (Object element : array) {
        write(element, generator);
      }
      generator.writeEndArray();
    } else if (value instanceof Long number) {
      generator.writeNumber(number);
    } else if (value instanceof Double number) {
      generator.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else if (value == JsonToken.VALUE_NULL) {
      generator.writeNull();
    } else {
      generator.writeString((String) value);
    }
  }
}
