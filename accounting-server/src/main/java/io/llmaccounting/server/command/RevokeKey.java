package io.llmaccounting.server.command;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Legible;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes keys for good. */
@Command(
    name = "revoke",
    description =
        "Revoke a key, or all keys of a project, for good. Running servers follow in seconds.",
    footer = {
      "llm-accounting-server keys revoke laptop",
      "llm-accounting-server keys revoke --all-of apollo"
    })
final class RevokeKey extends ServerCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "KEY",
      description = "The key: its id, or its name if no other key that is valid has it.")
  @Nullable String key;

  @Option(
      names = "--all-of",
      paramLabel = "PROJECT",
      description = "All keys that this project has now.")
  @Nullable String project;

  @Override
  int run(ServerRun run) {
    if ((key == null) == (project == null)) {
      throw Failure.usage("not one key or one project was named", "Give KEY, or --all-of PROJECT.");
    }
    if (project != null) {
      long revoked = run.accounting().access().revokeAll(project);
      run.answers()
          .note(Legible.number(revoked) + (revoked == 1 ? " key is revoked" : " keys are revoked"));
      return Exit.DONE;
    }
    AccessKey meant = KeyArgument.find(run, String.valueOf(key));
    boolean revoked = run.accounting().access().revoke(meant.id());
    run.answers()
        .note(
            "key \"%s\" (%s) %s"
                .formatted(
                    meant.name(), meant.hint(), revoked ? "is revoked" : "was revoked before"));
    return Exit.DONE;
  }
}
