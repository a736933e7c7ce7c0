package io.llmaccounting.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private static List<JsonLine> read(InputStream in) throws IOException {
    List<JsonLine> read = new ArrayList<>();
    try (JsonLines lines = new JsonLines(in)) {
      Optional<JsonLine> line = lines.next();
      while (line.isPresent()) {
        read.add(line.get());
        line = lines.next();
      }
    }
    return read;
  }

  private static List<JsonLine> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void linesAreNumberedAndEmptyOnesPassedOver() throws IOException {
    List<JsonLine> lines = read("\ufeff{\"a\":1}\r\n\n  \n{\"b\":\"\u2028\"}\n{\"c\":null}");

    assertThat(lines).extracting(JsonLine::number).containsExactly(1L, 4L, 5L);
    assertThat(lines).allMatch(line -> line.problem() == null);
    assertThat(lines.get(1).fields().text("b")).isEqualTo("\u2028");
    assertThat(lines.get(2).fields().has("c")).isFalse();
  }

  @Test
  void aBadLineIsNamedAndStopsNoOther() throws IOException {
    List<JsonLine> lines =
        read(
            "{\"a\":\n"
                + "[1]\n"
                + "{\"a\":1} x\n"
                + "{\"a\":1,\"a\":2}\n"
                + "{\"a\":{\"b\":[[[[[[[[1]]]]]]]]}}\n"
                + "{\"a\":1}");

    assertThat(lines).hasSize(6);
    assertThat(lines.subList(0, 5)).allMatch(line -> line.fields() == null);
    assertThat(lines.get(1).problem()).contains("one JSON object");
    assertThat(lines.get(3).problem()).contains("Duplicate");
    assertThat(lines.get(5).fields().number("a")).isEqualTo(1);
  }

  @Test
  void bytesThatAreNoTextAreNamed() throws IOException {
    byte[] bytes = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}', '\n', '{', '}'};

    List<JsonLine> lines = read(new ByteArrayInputStream(bytes));

    assertThat(lines.get(0).problem()).contains("UTF-8");
    assertThat(lines.get(1).problem()).isNull();
  }

  /** A gigabyte without a line break; the heap of the tests is smaller. */
  @Test
  void aLineWithoutEndCostsNoMemory() throws IOException {
    InputStream endless =
        new InputStream() {
          private long left = 1L << 30;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] to, int start, int length) {
            if (left <= 0) {
              return -1;
            }
            left -= length;
            return length;
          }
        };

    assertThat(read(endless))
        .singleElement()
        .satisfies(line -> assertThat(line.problem()).contains("longer than"));
  }

  @Test
  void aLineAsLongAsTheBufferIsReadWhole() throws IOException {
    for (int length : new int[] {65_535, 65_536, 65_537, 131_072, 1_000_000}) {
      String text = "x".repeat(length);

      List<JsonLine> lines = read("{\"a\":\"" + text + "\"}\n{\"a\":\"y\"}\n");

      assertThat(lines.get(0).fields().text("a")).as("%d", length).isEqualTo(text);
      assertThat(lines.get(1).fields().text("a")).isEqualTo("y");
    }
  }
}
