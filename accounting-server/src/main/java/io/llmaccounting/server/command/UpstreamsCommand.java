package io.llmaccounting.server.command;

import picocli.CommandLine.Command;

/** The upstreams that are set up. */
@Command(
    name = "upstreams",
    description = "List the upstreams that requests are sent to, and try whether they answer.",
    subcommands = {ListUpstreams.class, TestUpstreams.class})
final class UpstreamsCommand {}
