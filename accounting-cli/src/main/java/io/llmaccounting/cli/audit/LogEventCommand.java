package io.llmaccounting.cli.audit;

import io.llmaccounting.AuditNote;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.command.Times;
import io.llmaccounting.cli.command.Who;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes an entry. */
@Command(
    name = "log-event",
    description = "Write an entry to the audit log; prints its id.",
    footer = {
      "llm-accounting log-event \"switched search to gpt-5-mini\" --project search",
      "llm-accounting log-event --type prompt --prompt \"Which tariff is it?\" --model gpt-5-mini"
    })
public final class LogEventCommand extends AccountingCommand {
  @Parameters(arity = "0..1", paramLabel = "WHAT", description = "What happened.")
  @Nullable String what;

  @Option(
      names = "--type",
      paramLabel = "WORD",
      description = "prompt, response, event or a word of your own. Default: event.")
  String type = AuditEntry.EVENT;

  @Option(names = "--actor", paramLabel = "NAME", description = "Who did it.")
  @Nullable String actor;

  @Option(names = "--model", paramLabel = "NAME", description = "The model concerned.")
  @Nullable String model;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "Text sent to a model.")
  @Nullable String prompt;

  @Option(names = "--response", paramLabel = "TEXT", description = "Text that it answered.")
  @Nullable String response;

  @Option(names = "--response-id", paramLabel = "ID", description = "The provider's id of it.")
  @Nullable String responseId;

  @Option(names = "--usage", paramLabel = "ID", description = "The usage record concerned.")
  @Nullable UUID usage;

  @Option(names = "--at", paramLabel = "TIME", description = "When it happened. Default: now.")
  @Nullable String at;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "A further name and value; may be repeated, at most 16.")
  Map<String, String> attributes = new LinkedHashMap<>();

  @Mixin Who who = new Who();

  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) {
    if (what == null && prompt == null && response == null) {
      throw Failure.usage(
          "nothing was said to have happened", "Give WHAT, --prompt or --response.");
    }
    if (!who.attribution().tags().isEmpty()) {
      throw Failure.usage("audit entries keep no tags", "Use --attribute instead of --tag.");
    }
    UUID id = note(run).write();
    try (Sheet sheet = run.record(List.of(Column.text("id")))) {
      sheet.row(id);
    }
    return Exit.DONE;
  }

  private AuditNote note(Run run) {
    AuditNote note = run.accounting().audit().note(type).attribution(who.attribution());
    attributes.forEach(note::attribute);
    if (what != null) {
      note.outcome(what);
    }
    if (prompt != null) {
      note.prompt(prompt);
    }
    if (response != null) {
      note.response(response);
    }
    if (actor != null) {
      note.actor(actor);
    }
    if (model != null) {
      note.model(model);
    }
    if (responseId != null) {
      note.responseId(responseId);
    }
    if (usage != null) {
      note.usage(usage);
    }
    if (at != null) {
      note.at(Times.parse("--at", at, run.globals().zone()));
    }
    return note;
  }
}
