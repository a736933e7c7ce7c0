package io.llmaccounting.cli.upkeep;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.usage.Plural;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes counters and rollups anew. */
@Command(
    name = "rebuild",
    description = "Compute counters and rollups again from the records; leaves an audit entry.",
    footer = {"llm-accounting rebuild", "llm-accounting rebuild --names-per-day 500000"})
public final class RebuildCommand extends AccountingCommand {
  @Option(
      names = "--names-per-day",
      paramLabel = "COUNT",
      description =
          "From now on keep so many names of each dimension and day apart in rollups, for all who"
              + " use the database; the usage of others is added up as (other). 100000 in a new"
              + " database.")
  @Nullable Long namesPerDay;

  @Override
  protected int run(Run run) {
    if (namesPerDay != null) {
      run.accounting().admin().namesPerDay(namesPerDay);
    }
    run.accounting().admin().rebuild();
    run.note(
        "counters and rollups were computed again, with at most %s of each dimension and day"
            .formatted(Plural.of(run.accounting().admin().namesPerDay(), "name")));
    return Exit.DONE;
  }
}
