package io.llmaccounting.cli.command;

import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Tone;
import java.time.ZoneId;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that say how answers are printed, which every command knows. */
public final class Printing {
  @Option(
      names = "--format",
      scope = ScopeType.INHERIT,
      paramLabel = "table|json|csv",
      description = "How to print what was asked for. Default: table.")
  Format format = Format.TABLE;

  @Option(
      names = "--csv-safe",
      negatable = true,
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description =
          "In CSV, write ' before texts that begin with = + - @ or a control character, which"
              + " spreadsheets would compute. On by default; --no-csv-safe writes them as they"
              + " are.")
  boolean csvSafe = true;

  @Option(
      names = "--zone",
      scope = ScopeType.INHERIT,
      paramLabel = "ZONE",
      description =
          "The time zone of days and months, of times given without one, and of times in tables."
              + " Default: UTC.")
  ZoneId zone = ZoneId.of("UTC");

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description =
          "No notes and no progress; of tables the first column alone, without its title.")
  boolean quiet;

  @Option(
      names = "--color",
      scope = ScopeType.INHERIT,
      paramLabel = "auto|always|never",
      description =
          "Whether to print in colours. Default: auto, on a terminal unless NO_COLOR is set.")
  Tone.Choice color = Tone.Choice.AUTO;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours, as --color=never.")
  boolean plain;

  /** The zone of days, months and of times given without one. */
  public ZoneId zone() {
    return zone;
  }

  /** How rows are printed. */
  public Format format() {
    return format;
  }

  /** Says when there are colours. */
  public Tone.Choice colours() {
    return plain ? Tone.Choice.NEVER : color;
  }

  /** Whether notes and progress are unwanted. */
  public boolean isQuiet() {
    return quiet;
  }
}
