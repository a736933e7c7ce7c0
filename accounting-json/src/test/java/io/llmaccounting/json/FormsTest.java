package io.llmaccounting.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FormsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/llmaccounting/json");

  static List<Form<?>> forms() {
    return Form.ALL;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyValueComesBack(Form<?> form) {
    for (long seed = 0; seed < 500; seed++) {
      String line = form.line(seed);

      assertThat((Object) form.read(line))
          .as("seed %d: %s", seed, line)
          .isEqualTo(form.value(seed));
      assertThat(line).as("seed %d", seed).endsWith("}\n").isEqualTo(form.line(seed));
      assertThat(line.chars().filter(c -> c == '\n').count()).as("seed %d", seed).isEqualTo(1);
    }
  }

  /** What an earlier release wrote must stay readable, and clients compare bytes. */
  @ParameterizedTest
  @MethodSource("forms")
  void theBytesAreThoseWrittenDown(Form<?> form) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (long seed = 0; seed < 6; seed++) {
      lines.append(form.line(seed));
    }
    Path file = GOLDEN.resolve(form.name() + ".jsonl");
    if (Boolean.getBoolean("golden.accept")) {
      Files.writeString(file, lines, UTF_8);
    }

    assertThat(lines.toString()).isEqualTo(Files.readString(file, UTF_8));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void refusesFieldsOfOtherNamesInEachOfItsObjects(Form<?> form) {
    for (long seed = 0; seed < 100; seed++) {
      String line = form.line(seed);
      assertRefused(form, "{\"mistyped\":1," + line.substring(1));
      for (String object : List.of("status", "limit", "totals", "total", "distribution", "seal")) {
        String begin = "\"" + object + "\":{";
        int at = line.indexOf(begin);
        if (at >= 0) {
          int inside = at + begin.length();
          String comma = line.charAt(inside) == '}' ? "" : ",";
          assertRefused(
              form, line.substring(0, inside) + "\"mistyped\":1" + comma + line.substring(inside));
        }
      }
    }
  }

  private static void assertRefused(Form<?> form, String line) {
    assertThatThrownBy(() -> form.read(line))
        .as(line)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mistyped");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void refusesLinesOfAnotherKind(Form<?> form) {
    String other = form.line(1).replaceFirst("\"kind\":\"[a-z]+\"", "\"kind\":\"other\"");

    assertThatThrownBy(() -> form.read(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("kind must be ")
        .hasMessageEndingWith(", was \"other\"");
  }

  /**
   * A line that was damaged is read as another value, or refused in words; nothing else happens.
   */
  @ParameterizedTest
  @MethodSource("forms")
  void refusesWhatWasDamagedInWords(Form<?> form) {
    int refused = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      Random random = new Random(seed);
      String damaged = damage(form.line(seed % 50), random);
      try {
        form.read(damaged);
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e.getMessage()).as("seed %d: %s", seed, damaged).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + damaged, e);
      }
    }
    assertThat(refused).isGreaterThan(400);
  }

  private static String damage(String line, Random random) {
    List<String> values =
        List.of("null", "true", "-1", "1.5", "9223372036854775807", "1e99", "\"x\"", "{}", "[]");
    Matcher value = Pattern.compile(":(\"[^\"\\\\]*\"|-?[0-9]+|true|false)").matcher(line);
    int from = random.nextInt(line.length());
    if (random.nextInt(4) > 0 && value.find(from)) {
      return line.substring(0, value.start(1))
          + values.get(random.nextInt(values.size()))
          + line.substring(value.end(1));
    }
    int end = Math.min(line.length(), from + random.nextInt(20));
    return line.substring(0, from) + line.substring(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"metric\":\"cost\" | \"metric\":\"costs\" | metric must be one of [",
        "\"max\":\"5\" | \"max\":\"five\" | max: ",
        "\"window\":\"lifetime\" | \"window\":\"for ever\" | window: ",
        "\"action\":\"deny\" | \"action\":1 | action must be a text, was 1",
        "\"alerts\":[80] | \"alerts\":[99999999999] | alerts must be percents, had 99999999999",
        "\"alerts\":[80] | \"alerts\":80 | alerts must be a list in brackets, was 80",
        "\"user\":\"each\" | \"usr\":\"each\" | who must name a dimension, was \"usr\"",
        "\"user\":\"each\" | \"user\":\"any\" | who must be \"is NAME\"",
        "\"name\":\"a\", | `` | name is required, was absent",
        "\"grain_micros\":null | \"grain_micros\":1.5 | grain_micros must be a whole number, was"
            + " 1.5"
      })
  void saysFieldValueAndWhatWouldBeRight(String right, String wrong, String message) {
    String limit =
        "{\"kind\":\"limit\",\"name\":\"a\",\"metric\":\"cost\",\"max\":\"5\",\"window\":\"lifetime\","
            + "\"who\":{\"user\":\"each\"},\"action\":\"deny\",\"alerts\":[80],"
            + "\"open_on_outage\":\"0\",\"unpriced\":\"deny\",\"unpriced_ceiling\":\"0\","
            + "\"grain_micros\":null}";
    LimitLine.read(Form.fields(limit));

    assertThatThrownBy(() -> LimitLine.read(Form.fields(limit.replace(right, wrong))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
