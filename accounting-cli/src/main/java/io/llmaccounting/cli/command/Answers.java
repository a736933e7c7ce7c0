package io.llmaccounting.cli.command;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Tone;
import java.util.ArrayList;
import java.util.List;

/** What one run of a command says, in the way that was asked for. For one thread. */
public final class Answers {
  private final Console console;
  private final Printing printing;
  private final List<Runnable> endings = new ArrayList<>();

  /** Answers to this console. */
  public Answers(Console console, Printing printing) {
    this.console = console;
    this.printing = printing;
  }

  /** A bar on standard error for work of {@code total} steps; close it. */
  public ProgressBar progress(String title, long total) {
    boolean watched = console.terminal().err() && !printing.quiet;
    return watched ? ProgressBar.on(console, title, total) : ProgressBar.hidden();
  }

  /** A sheet of any number of rows. */
  public Sheet rows(List<Column> columns) {
    return Sheet.rows(style(), columns);
  }

  /** A sheet of exactly one row. */
  public Sheet record(List<Column> columns) {
    return Sheet.record(style(), columns);
  }

  private Sheet.Style style() {
    boolean watched = console.terminal().out();
    return new Sheet.Style(
        console.out(),
        printing.format,
        printing.zone,
        printing.quiet,
        Tone.isOn(printing.colours(), console, watched),
        printing.csvSafe,
        watched ? console.terminal().columns() : 0,
        endings::add);
  }

  /** Prints answers without rows, once nothing can fail any more. */
  public void end() {
    endings.forEach(Runnable::run);
    endings.clear();
  }

  /** {@code text} for standard error, in a tone where that has colours. */
  public String inTone(Tone tone, String text) {
    return tone.of(text, Tone.isOn(printing.colours(), console, console.terminal().err()));
  }

  /** Tells people something that is neither an answer nor an error. */
  public void note(String text) {
    if (!printing.quiet) {
      console.err().println(Escaped.line(text));
    }
  }
}
