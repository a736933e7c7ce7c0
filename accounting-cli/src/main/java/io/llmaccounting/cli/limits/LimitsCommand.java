package io.llmaccounting.cli.limits;

import picocli.CommandLine.Command;

/** Limits: what they are and how they stand. */
@Command(
    name = "limits",
    description =
        "Set, list and delete limits, apply them from files and write them to one, and see how they stand.",
    subcommands = {
      SetLimit.class,
      UnlimitedCommand.class,
      ListLimits.class,
      ShowLimit.class,
      DeleteLimit.class,
      ApplyLimits.class,
      ExportLimits.class,
      LimitsStatus.class
    })
public final class LimitsCommand {}
