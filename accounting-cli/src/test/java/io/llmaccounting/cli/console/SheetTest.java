package io.llmaccounting.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.Cost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SheetTest {
  private static final List<Column> ALL =
      List.of(
          Column.text("text"),
          Column.number("number"),
          Column.decimal("decimal"),
          Column.amount("amount"),
          Column.time("time"),
          Column.duration("duration"),
          Column.flag("flag"),
          Column.list("list"),
          Column.map("map"));

  private static final Object[] VALUES = {
    "a \"b\", \n\u001b]0;c\u0007",
    7L,
    new BigDecimal("1.50"),
    Cost.usd("0.002"),
    Instant.parse("2026-03-01T12:00:00Z"),
    Duration.ofMillis(1_500),
    true,
    List.of("x", "y"),
    Map.of("k", Cost.usd("1"))
  };

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Sheet.Style style(Format format, boolean quiet) {
    PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
    return new Sheet.Style(
        stream, format, ZoneId.of("Europe/Berlin"), quiet, false, true, 0, Runnable::run);
  }

  private String printed() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  private String rows(Format format, Object[]... rows) {
    try (Sheet sheet = Sheet.rows(style(format, false), ALL)) {
      for (Object[] row : rows) {
        sheet.row(row);
      }
    }
    return printed();
  }

  private String record(Format format) {
    try (Sheet sheet = Sheet.record(style(format, false), ALL)) {
      sheet.row(VALUES);
    }
    return printed();
  }

  @Test
  void printsJsonForPrograms() {
    String object =
        "{\"text\":\"a \\\"b\\\", \\n\\u001B]0;c\\u0007\",\"number\":7,\"decimal\":1.50,"
            + "\"amount\":\"0.002\",\"time\":\"2026-03-01T12:00:00Z\",\"duration\":1.5,"
            + "\"flag\":true,\"list\":[\"x\",\"y\"],\"map\":{\"k\":\"1.00\"}}";

    assertThat(record(Format.JSON)).isEqualTo(object + "\n");
    assertThat(rows(Format.JSON)).isEqualTo("[]\n");
    assertThat(rows(Format.JSON, VALUES)).isEqualTo("[\n" + object + "\n]\n");
    assertThat(rows(Format.JSON, VALUES, VALUES))
        .isEqualTo("[\n" + object + ",\n" + object + "\n]\n");
    assertThat(rows(Format.JSON, new Object[9])).contains("\"text\":null", "\"map\":null");
  }

  @Test
  void quotesCsv() {
    String titles = "text,number,decimal,amount,time,duration,flag,list,map\n";

    assertThat(rows(Format.CSV, VALUES, new Object[9]))
        .isEqualTo(
            titles
                + "\"a \"\"b\"\", \n\\u001b]0;c\\u0007\",7,1.50,0.002,2026-03-01T12:00:00Z,1.5,"
                + "true,\"[\"\"x\"\",\"\"y\"\"]\",\"{\"\"k\"\":\"\"1.00\"\"}\"\n,,,,,,,,\n");
    assertThat(rows(Format.CSV)).isEqualTo(titles);
  }

  @Test
  void tellsAnEmptyTextFromNone() {
    Object[] row = new Object[9];
    row[0] = "";

    assertThat(rows(Format.CSV, row)).endsWith("\n\"\",,,,,,,,\n");
  }

  private String named(Format format, boolean safe, String column, Object... values) {
    PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
    Sheet.Style style =
        new Sheet.Style(stream, format, ZoneId.of("UTC"), false, false, safe, 0, Runnable::run);
    try (Sheet sheet = Sheet.rows(style, List.of(Column.text(column)))) {
      for (Object value : values) {
        sheet.row(value);
      }
    }
    return printed();
  }

  @Test
  @DisplayName("faults G7: titles come from outside too")
  void titlesShowControlCharactersInsteadOfSendingThem() {
    assertThat(named(Format.TABLE, true, "a\u001b[31m", "x")).isEqualTo("A\\u001b[31M\nx\n");
    assertThat(named(Format.CSV, true, "a\u001b", "x")).isEqualTo("a\\u001b\nx\n");
    try (Sheet sheet =
        Sheet.record(style(Format.TABLE, false), List.of(Column.text("a\u001b[31m")))) {
      sheet.row("x");
    }
    assertThat(printed()).isEqualTo("a\\u001b[31m  x\n");
  }

  @Test
  @DisplayName("faults G7: no name becomes a formula, numbers stay numbers")
  void marksTextsThatSpreadsheetsWouldCompute() {
    assertThat(named(Format.CSV, true, "=n", "=1+1", "+1", "-1", "@A1", "\tx", "\rx", "a=b"))
        .isEqualTo("'=n\n'=1+1\n'+1\n'-1\n'@A1\n'\tx\n\"'\rx\"\na=b\n");
    assertThat(named(Format.CSV, true, "n", -5L, Cost.usd("5"), new BigDecimal("-1.5")))
        .isEqualTo("n\n-5\n5.00\n-1.5\n");
    assertThat(named(Format.CSV, false, "n", "=1+1")).isEqualTo("n\n=1+1\n");
  }

  @Test
  void showsPeopleTheirZoneAndNoControlCharacters() {
    assertThat(rows(Format.TABLE, VALUES).lines())
        .containsExactly(
            "TEXT                       NUMBER  DECIMAL  AMOUNT  TIME                    "
                + "DURATION  FLAG  LIST  MAP",
            "a \"b\", \\n"
                + "\\u001b]0;c\\u0007       7      1.5  $0.002  2026-03-01 13:00+01:00     1.50s"
                + "  yes   x; y  k=$1.00");
  }

  @Test
  void listsTheValuesOfARecordThatAreThere() {
    try (Sheet sheet =
        Sheet.record(
            style(Format.TABLE, false),
            List.of(Column.text("a_b"), Column.text("none"), Column.number("c")))) {
      sheet.row("x", null, 1L);
    }

    assertThat(printed().lines()).containsExactly("a b   x", "c     1");
  }

  @Test
  void printsNamesAloneWhenQuiet() {
    try (Sheet sheet = Sheet.rows(style(Format.TABLE, true), ALL)) {
      sheet.row(VALUES);
      sheet.row(new Object[9]);
    }

    assertThat(printed().lines()).containsExactly("a \"b\", \\n\\u001b]0;c\\u0007");
  }

  @Test
  void goesOnInColumnsOnceTheyAreMeasured() {
    try (Sheet sheet =
        Sheet.rows(style(Format.TABLE, false), List.of(Column.text("a"), Column.text("b")))) {
      for (int i = 0; i < 1_000; i++) {
        sheet.row("xx", "y");
      }
      sheet.row("longer", "y");
    }

    assertThat(printed().lines())
        .hasSize(1_002)
        .startsWith("A   B", "xx  y")
        .endsWith("xx  y", "longer  y");
  }

  @Test
  void stopsWhenNobodyReads() {
    PrintStream closed =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    Sheet sheet =
        Sheet.rows(
            new Sheet.Style(
                closed, Format.CSV, ZoneId.of("UTC"), false, false, true, 0, Runnable::run),
            List.of(Column.number("n")));

    assertThatThrownBy(
            () -> {
              for (long i = 0; i < 1_000; i++) {
                sheet.row(i);
              }
            })
        .isInstanceOf(Failure.class)
        .hasMessageContaining("closed");
  }
}
