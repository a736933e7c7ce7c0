package io.llmaccounting.cli.console;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far long work has come, on one line of standard error that is drawn anew with every
 * percent and wiped out at the end. Confined to one thread.
 */
public final class ProgressBar implements AutoCloseable {
  private static final int WIDEST = 40;
  private static final int AROUND = 10;

  private final @Nullable PrintStream to;
  private final String title;
  private final long total;
  private final int width;
  private int drawn = -1;

  private ProgressBar(@Nullable PrintStream to, String title, long total, int width) {
    this.to = to;
    this.title = title;
    this.total = total;
    this.width = width;
  }

  /** A bar for work of {@code total} steps; a total of 0 is not known. */
  public static ProgressBar on(Console console, String title, long total) {
    int room = console.terminal().columns() - title.length() - AROUND;
    return new ProgressBar(console.err(), title, total, Math.max(1, Math.min(WIDEST, room)));
  }

  /** A bar that nobody sees. */
  public static ProgressBar hidden() {
    return new ProgressBar(null, "", 0, 0);
  }

  /** Shows that so many steps are done. */
  public void at(long done) {
    if (to == null || total <= 0) {
      return;
    }
    int percent = (int) Math.min(100, Math.max(0, done) * 100.0 / total);
    if (percent != drawn) {
      drawn = percent;
      int full = width * percent / 100;
      to.print(
          "\r%s [%s%s] %3d%%"
              .formatted(title, "#".repeat(full), ".".repeat(width - full), percent));
      to.flush();
    }
  }

  /** Wipes the bar out. */
  @Override
  public void close() {
    if (to != null && drawn >= 0) {
      to.print("\r" + " ".repeat(title.length() + width + AROUND - 2) + "\r");
      to.flush();
    }
  }
}
