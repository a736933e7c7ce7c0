package io.llmaccounting.server.command;

import io.llmaccounting.access.UnknownKeyException;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.server.config.SettingsException;
import io.llmaccounting.server.sealing.SealingException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command of the server that does something. */
abstract class ServerCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  /** Runs the command; returns one of the codes of {@link io.llmaccounting.cli.console.Exit}. */
  abstract int run(ServerRun run) throws Exception;

  /** Whether the database is created or migrated where that is needed. */
  boolean mayCreate() {
    return false;
  }

  /** Settings that its own options give, by path. */
  Map<String, String> options() {
    return Map.of();
  }

  @Override
  public final Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("a command is run by picocli, which gives it its spec");
    }
    ServerRoot root = (ServerRoot) spec.root().userObject();
    try (ServerRun run = new ServerRun(root, options(), mayCreate())) {
      int exit = run(run);
      run.answers().end();
      return exit;
    } catch (SettingsException e) {
      throw explained(e);
    } catch (SealingException e) {
      throw Failure.failed(
          String.valueOf(e.getMessage()),
          "Give the key that was used: put its file back, or set LLM_ACCOUNTING_SEALING_KEY or"
              + " sealing.key-file. 'projects add-credential --new-key' goes on without it.");
    } catch (UnknownKeyException e) {
      throw Failure.failed(
          String.valueOf(e.getMessage()), "See '" + ServerRoot.NAME + " keys list'.");
    }
  }

  private static Failure explained(SettingsException wrong) {
    String all = "All settings are listed in docs/reference/server-settings.md.";
    if (wrong.problems().size() == 1) {
      return Failure.usage(wrong.problems().get(0), all);
    }
    return Failure.usage(
        "the settings have %d faults".formatted(wrong.problems().size()),
        wrong.problems().stream()
            .map(problem -> "  " + Escaped.line(problem) + "\n")
            .collect(Collectors.joining("", "", all)));
  }
}
