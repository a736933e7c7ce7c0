package io.llmaccounting.cli;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.cli.console.Near;
import io.llmaccounting.cli.console.PlainWords;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.providers.prices.PriceFileException;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, as people read it and as scripts do: a message, a next step, an exit code. */
final class Errors {
  private final Console console;
  private final String tool;
  private final boolean coloured;

  Errors(Console console, String tool, boolean coloured) {
    this.console = console;
    this.tool = tool;
    this.coloured = coloured;
  }

  int wrongUsage(ParameterException error, String[] arguments) {
    CommandLine line = error.getCommandLine();
    // picocli repeats the message where the key of a map is missing
    String text = String.valueOf(error.getMessage()).replace("option option", "option");
    tell(PlainWords.in(text), meant(error) + help(line));
    return Exit.USAGE;
  }

  private static String help(CommandLine line) {
    return "See '" + line.getCommandSpec().qualifiedName() + " --help'.";
  }

  private static String meant(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    String typed = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
    CommandLine line = error.getCommandLine();
    return Near.question(
        typed,
        typed.startsWith("-")
            ? line.getCommandSpec().optionsMap().keySet()
            : line.getSubcommands().keySet());
  }

  int failed(Exception error, CommandLine line) {
    if (error instanceof Failure failure) {
      tell(PlainWords.in(text(failure)), failure.next());
      return failure.exit();
    }
    if (error instanceof QuotaExceededException denied) {
      tell(
          PlainWords.in(text(denied)),
          "Wait until it fits, or see 'llm-accounting limits status'.");
      return Exit.DENIED;
    }
    if (error instanceof IllegalArgumentException wrong) {
      tell(OptionNames.in(text(wrong), line.getCommandSpec()), help(line));
      return Exit.USAGE;
    }
    if (console.variable("LLM_ACCOUNTING_TRACE") != null) {
      error.printStackTrace(console.err());
    }
    boolean ofFile = error instanceof IOException || error instanceof UncheckedIOException;
    String text = text(error);
    tell(ofFile ? text : OptionNames.in(text, line.getCommandSpec()), next(error));
    return Exit.FAILED;
  }

  private String next(Exception error) {
    if (error instanceof BackendException backend) {
      return switch (backend.kind()) {
        case UNAVAILABLE, UNREACHABLE, BUSY ->
            "Check that the database is reachable and not locked, then try again.";
        case UNUSABLE ->
            isOlder(backend)
                ? "Run '" + tool + " migrate'."
                : "Check --db; it must be a database of this tool that can be read and written.";
        case REJECTED -> "Check what the role or the user may do there, and the values given.";
        case CLOSED -> "Run the command again.";
      };
    }
    if (error instanceof UnknownNameException unknown) {
      String group = unknown.kind().name().toLowerCase(java.util.Locale.ROOT) + "s";
      return "See '" + tool + " " + group + " list'.";
    }
    if (error instanceof UsageConflictException) {
      return "Repeat it with the values it had, or give the other call an id of its own.";
    }
    if (error instanceof UsageTooOldException) {
      return "It may have been counted before it was purged; check whether it was.";
    }
    if (error instanceof PriceFileException) {
      return "Mend the file of prices; 'llm-accounting prices check FILE' names every fault.";
    }
    if (error instanceof IOException || error instanceof UncheckedIOException) {
      return "Check the name of the file and what may be done with it.";
    }
    return "This is a fault of the tool; please report it with the command that led here and with"
        + " what it prints when LLM_ACCOUNTING_TRACE=1 is set.";
  }

  // what would help a program, and is left out of what people read, tells this apart
  private static boolean isOlder(BackendException error) {
    return String.valueOf(error.getMessage()).contains(PlainWords.TO_MIGRATE);
  }

  private static String text(Exception error) {
    String message = error.getMessage();
    if (error instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return FileProblems.text(unchecked.getCause());
    }
    if (error instanceof IOException failure) {
      return FileProblems.text(failure);
    }
    boolean expected =
        error instanceof Failure
            || error instanceof IllegalArgumentException
            || error.getClass().getName().startsWith("io.llmaccounting.");
    return expected && message != null
        ? message
        : "something went wrong that should not have" + (message == null ? "" : ": " + message);
  }

  private void tell(String message, String next) {
    console.out().flush();
    console.err().println(Tone.BAD.of(tool + ": ", coloured) + Escaped.line(message));
    console.err().println(next);
  }
}
