package io.llmaccounting.server.command;

import picocli.CommandLine.Command;

/** The keys by which callers are known. */
@Command(
    name = "keys",
    description = {
      "Make, list and revoke the keys that clients send in place of a provider's.",
      "A key is shown once, when it is made; only its digest is kept."
    },
    subcommands = {
      CreateKey.class,
      ListKeys.class,
      ShowKey.class,
      RevokeKey.class,
      RotateKey.class,
      ResetKey.class
    })
final class KeysCommand {}
