package io.llmaccounting.cli.spool;

import picocli.CommandLine.Command;

/** What waits on the local disk for the database. */
@Command(
    name = "spool",
    description = "See and bring back what waits on the local disk for the database.",
    subcommands = {ListSpool.class, ReplaySpool.class, DeadLettersCommand.class})
public final class SpoolCommand {}
