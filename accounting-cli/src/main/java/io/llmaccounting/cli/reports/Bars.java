package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.console.Console;
import java.util.Locale;

/** Small bars beside rows, as fine as the terminal can show them. */
final class Bars {
  private static final int WIDTH = 16;
  private static final int EIGHTHS = 8;
  private static final String PARTS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589";
  private static final char WHOLE = '\u2588';

  private final long most;
  private final boolean fine;

  /** Bars of which the longest stands for {@code most}. */
  Bars(long most, Console console) {
    this.most = most;
    this.fine = isUtf8(console);
  }

  /** Whether the terminal's locale says that it shows more than ASCII. */
  private static boolean isUtf8(Console console) {
    for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = console.variable(variable);
      if (locale != null) {
        return locale.toUpperCase(Locale.ROOT).replace("-", "").endsWith("UTF8");
      }
    }
    return false;
  }

  /** The bar of {@code amount}; nothing for 0, and never nothing for more. */
  String of(long amount) {
    if (most <= 0 || amount <= 0) {
      return "";
    }
    int eighths = (int) Math.max(1, Math.round((double) amount / most * WIDTH * EIGHTHS));
    if (!fine) {
      return "#".repeat(Math.max(1, eighths / EIGHTHS));
    }
    String whole = String.valueOf(WHOLE).repeat(eighths / EIGHTHS);
    int rest = eighths % EIGHTHS;
    return rest == 0 ? whole : whole + PARTS.charAt(rest);
  }
}
