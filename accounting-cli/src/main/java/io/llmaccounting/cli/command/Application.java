package io.llmaccounting.cli.command;

import io.llmaccounting.cli.console.Console;

/** What the root of all commands hands down to them. */
public interface Application {
  /** The world outside. */
  Console console();

  /** The options that every command knows. */
  Globals globals();

  /** Says who calls are made for where a command does not. */
  CallDefaults defaults();
}
