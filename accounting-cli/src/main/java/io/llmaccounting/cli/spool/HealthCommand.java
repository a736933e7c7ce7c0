package io.llmaccounting.cli.spool;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.sqlite.SqliteSpool;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether the database answers, and how many calls wait for it. */
@Command(
    name = "health",
    description =
        "Say whether the database answers and what waits for it on the local disk. Ends with 1 if"
            + " the database cannot be reached, calls wait or were refused, or files are damaged.",
    footer = "llm-accounting health --spool spool")
public final class HealthCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.flag("well"),
          Column.flag("database"),
          Column.duration("answered_in"),
          Column.text("reason"),
          Column.number("limits"),
          Column.number("open_holds"),
          Column.number("waiting"),
          Column.duration("oldest"),
          Column.number("dead_letters"),
          Column.number("spool_bytes"),
          Column.number("spool_max_bytes"),
          Column.list("set_aside"));

  @Mixin SpoolFolderOption spool = new SpoolFolderOption();

  private record Answer(
      boolean isThere,
      @Nullable Duration time,
      @Nullable String reason,
      @Nullable Integer limits,
      @Nullable Integer holds) {}

  @Override
  protected int run(Run run) {
    SpoolState state = spool.openIfNamed(run).map(HealthCommand::stateOf).orElse(null);
    Answer answer = ask(run);
    boolean quiet =
        state == null
            || (state.waiting() == 0 && state.deadLetters() == 0 && state.setAside().isEmpty());
    boolean well = answer.isThere() && quiet;
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          well,
          answer.isThere(),
          answer.time(),
          answer.reason(),
          answer.limits(),
          answer.holds(),
          state == null ? null : state.waiting(),
          state == null ? null : age(run, state),
          state == null ? null : state.deadLetters(),
          state == null ? null : state.bytes(),
          state == null ? null : state.maxBytes(),
          state == null ? List.of() : state.setAside());
    }
    return well ? Exit.DONE : Exit.FAILED;
  }

  private static SpoolState stateOf(SqliteSpool spool) {
    try (spool) {
      return spool.state();
    }
  }

  private static @Nullable Duration age(Run run, SpoolState state) {
    return state.oldest() == null
        ? null
        : Duration.between(state.oldest(), run.console().clock().instant());
  }

  private static Answer ask(Run run) {
    long start = System.nanoTime();
    try {
      int limits = run.backend().limits().load().limits().size();
      int holds = run.backend().ledger().holds().size();
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      return new Answer(true, time, null, limits, holds);
    } catch (BackendException e) {
      return new Answer(false, null, e.getMessage(), null, null);
    }
  }
}
