package io.llmaccounting.cli.calls;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what a file of calls is. */
final class FileOptions {
  @Option(
      names = "--from",
      paramLabel = "FILE|-",
      description = {
        "Record every call of a file, or of standard input: JSON objects with the fields of"
            + " 'export', answers of providers, result files of batches of OpenAI and Anthropic,"
            + " transcripts of Claude Code, sessions of Codex. One object on each line, an array of"
            + " them, or one event stream; also compressed with gzip.",
        "Answers are dated by what they say themselves, unless --at is given. Other options fill in"
            + " what lines leave out."
      })
  @Nullable String from;

  @Option(
      names = "--key-from-answer",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Take an answer's own id as its key, so that a file that is read again counts once. On by"
              + " default; --no-key-from-answer counts every answer.")
  boolean keyFromAnswer = true;
}
