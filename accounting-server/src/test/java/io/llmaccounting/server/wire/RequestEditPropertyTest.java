package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What another reader of JSON makes of a body that was edited. */
class RequestEditPropertyTest {
  private static final JsonFactory JSON = new JsonFactory();

  @Test
  void changesNothingButTheUsageThatIsAskedFor() throws IOException {
    Random random = new Random(5);
    RandomJson json = new RandomJson(random);
    int edited = 0;
    for (int run = 0; run < 20_000; run++) {
      String body = json.blank() + json.object(3, members(json, random)) + json.blank();
      Buffer before = Buffer.buffer(body);
      Buffer after = RequestEdit.askUsage(before);

      Map<Object, Object> expected = object(body);
      Object options = expected.get("stream_options");
      boolean asks =
          Boolean.TRUE.equals(expected.get("stream"))
              && (options == null || options instanceof Map)
              && !(options instanceof Map<?, ?> map
                  && Boolean.TRUE.equals(map.get("include_usage")));
      if (asks) {
        Map<Object, Object> asked =
            options instanceof Map<?, ?> map ? new LinkedHashMap<>(map) : new LinkedHashMap<>();
        asked.put("include_usage", true);
        expected.put("stream_options", asked);
        edited++;
      }
      assertThat(object(after.toString())).as("run %d: %s", run, body).isEqualTo(expected);
      assertThat(after == before).as("run %d: %s", run, body).isEqualTo(!asks);
      assertSpliced(body, before.getBytes(), after.getBytes());
    }
    assertThat(edited).isGreaterThan(5_000);
  }

  @Test
  void changesNothingButTheModel() throws IOException {
    Random random = new Random(6);
    RandomJson json = new RandomJson(random);
    for (int run = 0; run < 10_000; run++) {
      String name = random.nextBoolean() ? "model" : "mod\\u0065l";
      String body =
          json.object(3, List.of(json.member(name, json.value(1)), json.member("model", "\"x\"")));
      Buffer after = RequestEdit.model(Buffer.buffer(body), "ünw/\"1\"");

      Map<Object, Object> expected = object(body);
      expected.computeIfPresent("model", (key, old) -> old instanceof String ? "ünw/\"1\"" : old);
      assertThat(object(after.toString())).as("run %d: %s", run, body).isEqualTo(expected);
      assertSpliced(body, Buffer.buffer(body).getBytes(), after.getBytes());
    }
  }

  @Test
  void leavesEveryBodyAsItIsThatBreaksOff() {
    String body =
        "{\"a\":[{\"b\":\"\\\"\"}],\"model\":\"m\",\"stream\":true,\"stream_options\":{}}";
    for (int length = 0; length < body.length(); length++) {
      Buffer part = Buffer.buffer(body.substring(0, length));

      assertThat(RequestEdit.askUsage(part)).as("%d bytes", length).isSameAs(part);
      assertThat(RequestEdit.model(part, "x")).as("%d bytes", length).isSameAs(part);
    }
  }

  @Test
  void survivesBytesAtRandom() {
    Random random = new Random(7);
    byte[] body = "{\"a\":[{\"b\":\"\\\"\"}],\"model\":\"m\",\"stream\":true}".getBytes();
    for (int run = 0; run < 50_000; run++) {
      byte[] broken = body.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        broken[random.nextInt(broken.length)] = (byte) "{}[]\",:\\tu \0".charAt(random.nextInt(12));
      }
      Buffer before = Buffer.buffer(broken);
      assertThat(RequestEdit.askUsage(before).length()).isGreaterThanOrEqualTo(before.length());
      assertThat(RequestEdit.model(before, "m").length()).isPositive();
      assertThat(ModelList.filtered(before, name -> false).length()).isPositive();
    }
  }

  private static List<String> members(RandomJson json, Random random) {
    List<String> members = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      members.add(json.member("stream", random.nextInt(4) > 0 ? "true" : json.value(1)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      List<String> options = new ArrayList<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        options.add(json.member("include_usage", random.nextBoolean() ? "true" : json.value(1)));
      }
      members.add(
          json.member(
              "stream_opt\\u0069ons",
              random.nextInt(4) > 0 ? json.object(2, options) : json.value(1)));
    }
    return members;
  }

  /** Both have the same beginning and the same end, and one stretch between that differs. */
  private static void assertSpliced(String body, byte[] before, byte[] after) {
    int same = 0;
    int shorter = Math.min(before.length, after.length);
    while (same < shorter && before[same] == after[same]) {
      same++;
    }
    int end = 0;
    while (end < shorter - same
        && before[before.length - 1 - end] == after[after.length - 1 - end]) {
      end++;
    }
    assertThat(after.length - same - end).as("changed in %s", body).isLessThanOrEqualTo(50);
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> object(String text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      Map<Object, Object> object = (Map<Object, Object>) value(parser);
      assertThat(parser.nextToken()).as(text).isNull();
      return object;
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<Object, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, value(parser));
        }
        return object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        return array;
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return parser.getBooleanValue();
      }
      case VALUE_NULL -> {
        return null;
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      default -> {
        return new BigDecimal(parser.getText());
      }
    }
  }
}
