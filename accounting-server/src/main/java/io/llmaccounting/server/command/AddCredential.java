package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.server.config.CredentialRule;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.sealing.SealedCredentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores what an upstream is told, encrypted. */
@Command(
    name = "add-credential",
    description = {
      "Store what an upstream is told for the calls of a project, encrypted.",
      "It is read from standard input or from a file: everybody on the machine can see arguments."
    },
    footer = {
      "llm-accounting-server projects add-credential openai --project apollo --file openai-key.txt",
      "llm-accounting-server projects add-credential mistral --file openai-key.txt"
    })
final class AddCredential extends ServerCommand {
  private static final int LONGEST = 16 * 1024;

  @Parameters(paramLabel = "UPSTREAM", description = "The upstream that it opens.")
  String upstream = "";

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "The project that may use it. Default: all.")
  @Nullable String project;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What people call it. Default: main.")
  String name = "main";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A file whose first line it is. Default: the first line of standard input.")
  @Nullable String file;

  @Option(
      names = "--new-key",
      description =
          "Make a new sealing key where the file of the old one is lost; what that one sealed must"
              + " then be added again.")
  boolean newKey;

  @Override
  boolean mayCreate() {
    return true;
  }

  @Override
  int run(ServerRun run) throws IOException {
    UpstreamArgument.find(run, upstream);
    Secret secret = secret(run);
    KnownProjects.warn(run, project);
    if (newKey) {
      run.keySource().keys();
    }
    SealedCredentials credentials = run.credentials();
    ProviderCredential added =
        credentials.add(project, upstream, name, secret, run.console().clock().instant());
    try (Sheet sheet = run.answers().record(CredentialRows.COLUMNS)) {
      CredentialRows.row(sheet, added);
    }
    credentials.faults().values().forEach(run.answers()::note);
    return Exit.DONE;
  }

  private Secret secret(ServerRun run) throws IOException {
    String line;
    if (file == null) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(run.console().in(), StandardCharsets.UTF_8));
      line = in.readLine();
    } else {
      line = firstLine(run, file);
    }
    String text = line == null ? "" : line.strip();
    if (text.isEmpty() || text.length() > LONGEST) {
      throw Failure.usage(
          "a credential must have from 1 to %,d characters, had %,d"
              .formatted(LONGEST, text.length()),
          "Give it on standard input, or with --file.");
    }
    Secret secret = Secret.of(text);
    CredentialRule.problem(secret)
        .ifPresent(
            problem -> {
              throw Failure.usage(
                  "a credential " + problem, "Copy it from the provider's page again.");
            });
    return secret;
  }

  private static @Nullable String firstLine(ServerRun run, String file) {
    try (BufferedReader in = Files.newBufferedReader(run.console().file(file))) {
      return in.readLine();
    } catch (IOException e) {
      throw Failure.usage(
          "the file of the credential cannot be read: " + FileProblems.text(e), "Check --file.");
    }
  }
}
