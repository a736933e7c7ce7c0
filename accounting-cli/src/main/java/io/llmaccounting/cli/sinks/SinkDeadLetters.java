package io.llmaccounting.cli.sinks;

import io.llmaccounting.backend.RefusedDelivery;
import io.llmaccounting.backend.UnknownSinkException;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the records that a receiver will never take, and delivers them again. */
@Command(
    name = "dead-letters",
    description =
        "List the records that a receiver refused for good, the latest first; deliver one of them"
            + " again, or all.",
    footer = {
      "llm-accounting sinks dead-letters files",
      "llm-accounting sinks dead-letters files --again-all"
    })
final class SinkDeadLetters extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.id("id"), Column.time("refused_at"), Column.text("reason"));
  private static final int PAGE = 1_000;

  @Parameters(paramLabel = "SINK", description = "Its name.")
  String sink = "";

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "How many at most. Default: 100.")
  int lines = 100;

  @Option(names = "--again", paramLabel = "ID", description = "Deliver this record again.")
  @Nullable UUID again;

  @Option(names = "--again-all", description = "Deliver all of them again.")
  boolean againAll;

  @Override
  protected int run(Run run) {
    if (lines < 1) {
      throw new IllegalArgumentException("--lines must be at least 1, was " + lines);
    }
    if (again != null && againAll) {
      throw new IllegalArgumentException("--again and --again-all exclude each other");
    }
    try {
      if (again != null || againAll) {
        int put = again == null ? putAll(run) : put(run, Set.of(again));
        run.note("%d delivered again.".formatted(put));
      }
      List<RefusedDelivery> refused = SinkStores.of(run).redelivery().refused(sink, lines);
      try (Sheet sheet = run.rows(COLUMNS)) {
        for (RefusedDelivery one : refused) {
          sheet.row(one.usageId(), one.at(), one.reason());
        }
      }
    } catch (UnknownSinkException e) {
      throw SinkStores.unknown(e.sink());
    }
    return Exit.DONE;
  }

  private int put(Run run, Set<UUID> ids) {
    return SinkStores.of(run).redelivery().again(sink, ids);
  }

  private int putAll(Run run) {
    int all = 0;
    while (true) {
      Set<UUID> page =
          SinkStores.of(run).redelivery().refused(sink, PAGE).stream()
              .map(RefusedDelivery::usageId)
              .collect(Collectors.toSet());
      if (page.isEmpty()) {
        return all;
      }
      all += put(run, page);
    }
  }
}
