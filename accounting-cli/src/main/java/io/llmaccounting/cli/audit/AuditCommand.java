package io.llmaccounting.cli.audit;

import picocli.CommandLine.Command;

/** The audit log: what is in it, and whether somebody has meddled with it. */
@Command(
    name = "audit",
    description = "Read the audit log, and prove that nobody has changed it.",
    subcommands = {ListEntries.class, VerifyEntries.class, HeadCommand.class})
public final class AuditCommand {}
