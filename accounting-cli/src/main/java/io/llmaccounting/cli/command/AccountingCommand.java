package io.llmaccounting.cli.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that does something. A subclass has picocli's {@code @Command}, its options, and {@link
 * #run}; one line in {@code Commands}, or in the annotation of its group, makes it known.
 */
public abstract class AccountingCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  /** Runs the command; returns one of the codes of {@link io.llmaccounting.cli.console.Exit}. */
  protected abstract int run(Run run) throws Exception;

  /** Whether the database is created or migrated where that is needed. */
  protected boolean createsDatabase() {
    return false;
  }

  /** Whether the command only tries something out, and so needs no existing database. */
  protected boolean onlyTries() {
    return false;
  }

  @Override
  public final Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("a command is run by picocli, which gives it its spec");
    }
    Application application = (Application) spec.root().userObject();
    Database.Access otherwise = onlyTries() ? Database.Access.TRYING : Database.Access.EXISTING;
    Database.Access access = createsDatabase() ? Database.Access.CREATING : otherwise;
    try (Run run =
        new Run(application.console(), application.globals(), application.defaults(), access)) {
      int exit = run(run);
      run.end();
      return exit;
    }
  }
}
