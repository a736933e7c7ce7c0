package io.llmaccounting.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Cost;
import java.io.ByteArrayOutputStream;
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

@DisplayName("faults E5: tables that can be read at a glance")
class TableSheetTest {
  private static final int PIPED = 0;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private List<String> table(int width, boolean coloured, List<Column> columns, Object[]... rows) {
    PrintStream to = new PrintStream(out, false, StandardCharsets.UTF_8);
    Sheet.Style style =
        new Sheet.Style(
            to, Format.TABLE, ZoneId.of("UTC"), false, coloured, true, width, Runnable::run);
    try (Sheet sheet = Sheet.rows(style, columns)) {
      for (Object[] row : rows) {
        sheet.row(row);
      }
    }
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text.lines().toList();
  }

  private List<String> column(Column column, Object... values) {
    Object[][] rows = new Object[values.length][];
    for (int i = 0; i < values.length; i++) {
      rows[i] = new Object[] {values[i]};
    }
    List<String> lines = table(PIPED, false, List.of(column), rows);
    return lines.subList(1, lines.size());
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @Test
  void groupsThousands() {
    assertThat(column(Column.number("n"), 1L, 999L, 1_000L, -1_234_567L, Long.MIN_VALUE))
        .containsExactly(
            "                         1",
            "                       999",
            "                     1,000",
            "                -1,234,567",
            "-9,223,372,036,854,775,808");
    assertThat(column(Column.code("n"), 2_026L)).containsExactly("2026");
    assertThat(column(Column.map("left"), Map.of("cap", 1_000L))).containsExactly("cap=1,000");
  }

  @Test
  void putsDecimalPointsBelowEachOther() {
    assertThat(
            column(
                Column.amount("c"), Cost.usd("1"), Cost.usd("12345.0125"), Cost.ZERO, 1_000L, null))
        .containsExactly(
            "     $1.0000", //
            "$12,345.0125",
            "     $0.0000",
            "       1,000",
            "           -");
    assertThat(
            column(
                Column.decimal("d"),
                new BigDecimal("30"),
                new BigDecimal("0.20"),
                new BigDecimal("1234.125")))
        .containsExactly("   30", "    0.2", "1,234.125");
    assertThat(column(Column.amount("c"), Cost.ofNanos(Long.MAX_VALUE)))
        .containsExactly("$9,223,372,036.854775807");
  }

  @Test
  void tellsTimesAsExactlyAsAColumnNeeds() {
    Instant day = Instant.parse("2026-03-01T00:00:00Z");
    Instant minute = Instant.parse("2026-03-01T12:30:00Z");
    Instant micros = Instant.parse("2026-03-01T12:30:05.123456Z");

    assertThat(column(Column.time("t"), day)).containsExactly("2026-03-01");
    assertThat(column(Column.time("t"), day, minute))
        .containsExactly("2026-03-01 00:00Z", "2026-03-01 12:30Z");
    assertThat(column(Column.time("t"), day, micros))
        .containsExactly("2026-03-01 00:00:00Z", "2026-03-01 12:30:05Z");
  }

  @Test
  void leavesOutNothingWhereNobodyWatches() {
    String name = "n".repeat(300);

    assertThat(column(Column.text("name"), name, "x")).containsExactly(name, "x");
    assertThat(
            table(
                PIPED,
                false,
                List.of(Column.text("a"), Column.number("b").asSpare()),
                row(name, 1L),
                row("x", 2L)))
        .containsExactly("A" + " ".repeat(99) + "  B", name + "  1", "x" + " ".repeat(99) + "  2");
  }

  @Test
  void leavesOutWhatMattersLessWhereATerminalIsNarrow() {
    List<Column> columns =
        List.of(
            Column.text("name"),
            Column.number("calls"),
            Column.text("project").asSpare(),
            Column.text("user").asSpare());

    assertThat(table(24, false, columns, row("gpt-5", 1_000L, "search", "alice")))
        .containsExactly(
            "NAME   CALLS  PROJECT",
            "gpt-5  1,000  search",
            "not shown in full: USER; see all with '| less -S'");
    assertThat(table(40, false, columns, row("gpt-5", 1_000L, "search", "alice"))).hasSize(2);
  }

  @Test
  void cutsTextsButNeverNumbersOrIds() {
    List<Column> columns = List.of(Column.id("id"), Column.text("name"), Column.number("n"));
    String id = "01a22251-a32a-7e18-be79-bdc656d4dc2d";

    assertThat(table(57, false, columns, row(id, "a model with a long name", 1_234_567L)))
        .containsExactly(
            "ID" + " ".repeat(36) + "NAME              N",
            id + "  a model\u2026  1,234,567",
            "not shown in full: NAME; see all with '| less -S'");
    assertThat(table(20, false, columns, row(id, "a", 1L)))
        .containsExactly("ID", id, "not shown in full: NAME, N; see all with '| less -S'");
  }

  @Test
  void leavesOutSpareColumnsWithoutAValue() {
    List<Column> columns = List.of(Column.text("name"), Column.text("ou").asSpare());

    assertThat(table(PIPED, false, columns, row("a", null))).containsExactly("NAME", "a");
    assertThat(table(PIPED, false, columns, row("a", null), row("b", "it")))
        .containsExactly("NAME  OU", "a     -", "b     it");
    assertThat(table(PIPED, false, columns)).containsExactly("NAME  OU");
  }

  @Test
  void knowsHowWideCharactersAre() {
    List<Column> columns = List.of(Column.text("name"), Column.text("b"));

    assertThat(
            table(
                PIPED,
                false,
                columns,
                row("\u6771\u4eac", "x"),
                row("e\u0301te", "x"),
                row("\ud83d\ude80", "x"),
                row("abcd", "x")))
        .containsExactly(
            "NAME  B", "\u6771\u4eac  x", "e\u0301te   x", "\ud83d\ude80    x", "abcd  x");
    assertThat(Glyphs.cut("\u6771\u4eac\u6771\u4eac", 6)).isEqualTo("\u6771\u4eac\u2026");
    assertThat(Glyphs.cut("\ud83d\ude80\ud83d\ude80\ud83d\ude80", 4))
        .isEqualTo("\ud83d\ude80\u2026");
  }

  @Test
  void showsWhatCannotBeSeenInsteadOfSendingIt() {
    assertThat(
            column(
                Column.text("n"),
                "a\u001b]0;c\u0007",
                "\u202edrow",
                "\u200b\ufeff\u00ad",
                "\ud83d",
                "\udb40\udc41",
                "a\u2028b"))
        .containsExactly(
            "a\\u001b]0;c\\u0007",
            "\\u202edrow",
            "\\u200b\\ufeff\\u00ad",
            "\\ud83d",
            "\\udb40\\udc41",
            "a\\u2028b");
    assertThat(table(PIPED, true, List.of(Column.text("\u001b[31m")), row("x")).get(0))
        .isEqualTo("\u001b[1m\\u001b[31M\u001b[0m");
    assertThat(column(Column.map("m"), Map.of("\u001b", "\n"))).containsExactly("\\u001b=\\n");
    assertThat(column(Column.list("l"), List.of("\u001b"))).containsExactly("\\u001b");
    assertThat(column(Column.text("t"), Shown.as("v", "\u001b"))).containsExactly("\\u001b");
  }

  @Test
  void coloursSayWhatWordsSayToo() {
    List<Column> columns = List.of(Column.text("a"), Column.number("full"));
    Object[] row = {null, new Shown(140L, "140%", Tone.BAD)};

    assertThat(table(PIPED, false, columns, row)).containsExactly("A  FULL", "-  140%");
    assertThat(table(PIPED, true, columns, row))
        .containsExactly(
            "\u001b[1mA\u001b[0m  \u001b[1mFULL\u001b[0m",
            "\u001b[2m-\u001b[0m  \u001b[31m140%\u001b[0m");
  }

  @Test
  void programsGetValuesWithoutWordsAndTones() {
    for (Format format : List.of(Format.JSON, Format.CSV)) {
      PrintStream to = new PrintStream(out, false, StandardCharsets.UTF_8);
      Sheet.Style style =
          new Sheet.Style(to, format, ZoneId.of("UTC"), false, true, true, 10, Runnable::run);
      try (Sheet sheet = Sheet.rows(style, List.of(Column.number("full")))) {
        sheet.row(new Shown(1_400L, "1,400%", Tone.BAD));
      }
    }

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[\n{\"full\":1400}\n]\nfull\n1400\n");
  }

  @Test
  void measuresNoMoreThanAMillionCharacters() {
    String large = "x".repeat(600_000);

    assertThat(column(Column.text("n"), large, large, "y")).containsExactly(large, large, "y");
  }

  @Test
  void durationsHaveTwoUnitsAtMost() {
    assertThat(
            column(
                Column.duration("d"),
                Duration.ZERO,
                Duration.ofNanos(250_000),
                Duration.ofMillis(640),
                Duration.ofNanos(999_999_999),
                Duration.ofMillis(1_362),
                Duration.ofSeconds(5),
                Duration.ofMillis(59_960),
                Duration.parse("PT12M4.3S"),
                Duration.parse("PT1H30M29.9S"),
                Duration.ofDays(30),
                Duration.ofHours(53),
                Duration.ofSeconds(-90)))
        .extracting(String::strip)
        .containsExactly(
            "0s", "0.25ms", "640ms", "1.00s", "1.36s", "5s", "60.0s", "12m 4s", "1h 30m", "30d",
            "2d 5h", "-1m 30s");
  }
}
