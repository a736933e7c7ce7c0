package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a running server is, and by which key it knows who calls. */
final class CallerOptions {
  private static final String VARIABLE = "LLM_ACCOUNTING_KEY";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the server is. Default: where the settings say that it listens.")
  @Nullable String url;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file whose first line is the key. Default: LLM_ACCOUNTING_KEY is the key.")
  @Nullable String keyFile;

  /** A path of the server. */
  URI endpoint(ServerRun run, String path) {
    var settings = run.settings().settings();
    String root = url == null ? Welcome.url(settings, settings.listening().port()) : url;
    try {
      return new URI(root.replaceAll("/+$", "").replaceAll("/v1$", "") + path);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("--url must be a URL, was " + root, e);
    }
  }

  /** The key, which must have been given. */
  String key(ServerRun run) {
    String key = run.console().variable(VARIABLE);
    if (keyFile != null) {
      try {
        List<String> lines = Files.readAllLines(run.console().file(keyFile));
        key = lines.isEmpty() ? "" : lines.get(0).strip();
      } catch (IOException e) {
        throw Failure.usage(
            "the file of the key cannot be read: " + FileProblems.text(e), "Check --key-file.");
      }
    }
    if (key == null || key.isEmpty()) {
      throw Failure.usage(
          "no key was given",
          "Set %s or give --key-file; '%s -q keys create NAME' makes one."
              .formatted(VARIABLE, ServerRoot.NAME));
    }
    return key;
  }
}
