package io.llmaccounting.cli.spool;

import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.DeadLetters;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the calls that the database refused, puts them back, or forgets one. */
@Command(
    name = "dead-letters",
    description =
        "List the calls that the database refused; put them back, or forget one. Needs no"
            + " database.",
    footer = {
      "llm-accounting spool dead-letters --spool spool",
      "llm-accounting spool dead-letters --spool spool --restore-all"
    })
final class DeadLettersCommand extends AccountingCommand {
  private static final int PAGE = 500;

  @Mixin SpoolFolderOption spool = new SpoolFolderOption();

  @Option(
      names = "--restore",
      paramLabel = "POSITION",
      description = "Put this one back into the line; the next replay tries it again.")
  @Nullable Long restore;

  @Option(names = "--restore-all", description = "Put all of them back into the line.")
  boolean restoreAll;

  @Option(
      names = "--discard",
      paramLabel = "POSITION",
      description = "Forget this one for good: its call is never counted. Needs --yes.")
  @Nullable Long discard;

  @Option(names = "--yes", description = "Do forget it.")
  boolean yes;

  @Override
  protected int run(Run run) {
    if ((restore != null ? 1 : 0) + (restoreAll ? 1 : 0) + (discard != null ? 1 : 0) > 1) {
      throw new IllegalArgumentException(
          "--restore, --restore-all and --discard exclude each other");
    }
    if (discard != null && !yes) {
      throw new IllegalArgumentException("--discard forgets a call for good: add --yes to do so");
    }
    try (Spool opened = spool.open(run)) {
      DeadLetters letters = opened.deadLetters();
      List<DeadLetter> all = all(letters);
      change(letters, all);
      try (Sheet sheet = run.rows(SpooledCalls.DEAD)) {
        for (DeadLetter letter : isChange() ? all(letters) : all) {
          SpooledCalls.row(
              sheet, letter.position(), letter.buriedAt(), letter.call(), letter.reason());
        }
      }
    }
    return Exit.DONE;
  }

  private boolean isChange() {
    return restore != null || restoreAll || discard != null;
  }

  private void change(DeadLetters letters, List<DeadLetter> all) {
    if (restoreAll) {
      all.forEach(letter -> letters.restore(letter.position()));
    }
    if (restore != null && !letters.restore(restore)) {
      throw missing(restore);
    }
    if (discard != null && !letters.discard(discard)) {
      throw missing(discard);
    }
  }

  private static Failure missing(long position) {
    return Failure.failed(
        "there is no dead letter at position " + position,
        "See 'llm-accounting spool dead-letters'.");
  }

  private static List<DeadLetter> all(DeadLetters letters) {
    List<DeadLetter> all = new ArrayList<>();
    long after = 0;
    List<DeadLetter> page = letters.list(after, PAGE);
    while (!page.isEmpty()) {
      all.addAll(page);
      after = page.get(page.size() - 1).position();
      page = letters.list(after, PAGE);
    }
    return all;
  }
}
