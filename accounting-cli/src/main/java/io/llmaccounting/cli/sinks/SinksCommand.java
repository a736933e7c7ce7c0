package io.llmaccounting.cli.sinks;

import picocli.CommandLine.Command;

/** Receivers of what was recorded. */
@Command(
    name = "sinks",
    description = "See how receivers of what was recorded stand, and deliver to them again.",
    subcommands = {
      ListSinks.class,
      SinkStatus.class,
      OpenSink.class,
      ReplaySink.class,
      SinkDeadLetters.class,
      RemoveSink.class
    })
public final class SinksCommand {}
