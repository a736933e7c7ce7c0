package io.llmaccounting.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which columns a table has, how wide they are and how their values look. Confined to a
 * thread.
 */
final class TableLayout {
  private static final String GAP = "  ";

  /** Beyond this a value is printed, but the others in its column are not moved for it. */
  private static final int WIDEST = 100;

  /** The least of a text that stays where it is cut. */
  private static final int NARROWEST = 8;

  private final Sheet.Style style;
  private final List<Column> columns;
  private final Look[] looks;
  private final int[] widths;
  private final boolean[] cut;
  private final List<Integer> kept = new ArrayList<>();
  private final TreeSet<Integer> lacking = new TreeSet<>();

  private TableLayout(Sheet.Style style, List<Column> columns) {
    this.style = style;
    this.columns = columns;
    this.looks = new Look[columns.size()];
    this.widths = new int[columns.size()];
    this.cut = new boolean[columns.size()];
  }

  /**
   * Makes a layout for these rows and those that follow.
   *
   * @param all whether none follow, so that columns without a value can be left out
   */
  static TableLayout of(
      Sheet.Style style, List<Column> columns, List<@Nullable Object[]> rows, boolean all) {
    TableLayout layout = new TableLayout(style, columns);
    for (int i = 0; i < columns.size(); i++) {
      layout.measure(i, rows);
      int column = i;
      boolean empty =
          all && !rows.isEmpty() && rows.stream().allMatch(row -> Look.isAbsent(row[column]));
      if (!(empty && columns.get(i).spare())) {
        layout.kept.add(i);
      }
    }
    if (style.width() > 0) {
      layout.fit();
    }
    return layout;
  }

  private void measure(int i, List<@Nullable Object[]> rows) {
    Look look = Look.of(columns.get(i), style.zone(), rows.stream().map(row -> row[i]));
    looks[i] = look;
    widths[i] = Glyphs.width(columns.get(i).title());
    for (@Nullable Object[] row : rows) {
      widths[i] = Math.max(widths[i], Glyphs.width(look.text(row[i])));
    }
    widths[i] = Math.min(WIDEST, widths[i]);
  }

  private void fit() {
    leaveOut(i -> columns.get(i).spare());
    while (excess() > 0 && shorten()) {
      // one character less of the widest text each time
    }
    leaveOut(i -> i > 0);
  }

  private int excess() {
    int gaps = GAP.length() * (kept.size() - 1);
    return kept.stream().mapToInt(i -> widths[i]).sum() + gaps - style.width();
  }

  private void leaveOut(IntPredicate which) {
    for (int i = columns.size() - 1; i >= 0 && excess() > 0; i--) {
      if (which.test(i) && kept.remove((Integer) i)) {
        lacking.add(i);
      }
    }
  }

  private boolean shorten() {
    int widest = -1;
    for (int i : kept) {
      boolean may = columns.get(i).isCut() && widths[i] > NARROWEST;
      widest = may && (widest < 0 || widths[i] > widths[widest]) ? i : widest;
    }
    if (widest >= 0) {
      widths[widest]--;
      cut[widest] = true;
      lacking.add(widest);
    }
    return widest >= 0;
  }

  /** The titles of columns that were left out or cut; bars have none. */
  List<String> missing() {
    return lacking.stream()
        .map(i -> columns.get(i).title())
        .filter(title -> !title.isEmpty())
        .toList();
  }

  /** The line of titles above the rows. */
  String titles() {
    Tone[] tones = new Tone[columns.size()];
    Arrays.fill(tones, Tone.STRONG);
    return line(columns.stream().map(Column::title).toArray(String[]::new), tones);
  }

  /** A row, without its end of line. */
  String line(@Nullable Object[] values) {
    String[] cells = new String[values.length];
    Tone[] tones = new Tone[values.length];
    for (int i = 0; i < values.length; i++) {
      cells[i] = Objects.requireNonNull(looks[i]).text(values[i]);
      tones[i] = cells[i].equals("-") ? Tone.FAINT : Shown.tone(values[i]);
    }
    return line(cells, tones);
  }

  private String line(String[] cells, Tone[] tones) {
    StringBuilder line = new StringBuilder();
    int pending = 0;
    for (int i : kept) {
      String cell = cut(i, cells[i]);
      int blanks = Math.max(0, widths[i] - Glyphs.width(cell));
      boolean right = columns.get(i).isRight();
      pending += right ? blanks : 0;
      String text = cell.stripTrailing();
      if (!text.isEmpty()) {
        line.append(" ".repeat(pending)).append(tones[i].of(text, style.coloured()));
        pending = cell.length() - text.length();
      } else {
        pending += cell.length();
      }
      pending += GAP.length() + (right ? 0 : blanks);
    }
    return line.toString();
  }

  private String cut(int i, String cell) {
    boolean narrow = style.width() > 0 && columns.get(i).isCut();
    if (narrow && (cut[i] || Glyphs.width(cell) > widths[i])) {
      return Glyphs.cut(cell, widths[i]);
    }
    return cell;
  }
}
