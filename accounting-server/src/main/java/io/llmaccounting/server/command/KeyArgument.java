package io.llmaccounting.server.command;

import io.llmaccounting.AccessKeys;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.cli.console.Failure;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Parameters;

/** Names a key, by its id or by a name that no other key has. */
final class KeyArgument {
  private static final UUID FIRST = new UUID(0, 0);
  private static final int ID_LENGTH = 36;

  @Parameters(
      index = "0",
      paramLabel = "KEY",
      description = "The key: its id, or its name if no other key that is valid has it.")
  String key = "";

  /** The key that is meant. */
  AccessKey in(ServerRun run) {
    return find(run, key);
  }

  /** The key of this id, or the only valid one of this name. */
  static AccessKey find(ServerRun run, String key) {
    AccessKeys keys = run.accounting().access();
    if (key.length() == ID_LENGTH && key.matches("[0-9a-fA-F-]+")) {
      return keys.find(UUID.fromString(key)).orElseThrow(() -> unknown(key));
    }
    List<AccessKey> all =
        keys
            .list(AccessKeyQuery.first(1_000).after(new AccessKeyQuery.Position(key, FIRST)))
            .stream()
            .filter(one -> one.name().equals(key))
            .toList();
    List<AccessKey> valid =
        all.stream().filter(one -> one.isValidAt(run.console().clock().instant())).toList();
    List<AccessKey> meant = all.size() == 1 ? all : valid;
    if (meant.size() > 1) {
      throw Failure.failed(
          "%d keys are named \"%s\"".formatted(meant.size(), key),
          "Give the id of one; see '%s keys list'.".formatted(ServerRoot.NAME));
    }
    return meant.stream().findFirst().orElseThrow(() -> unknown(key));
  }

  private static Failure unknown(String key) {
    return Failure.failed(
        "there is no key \"%s\"".formatted(key), "See '%s keys list'.".formatted(ServerRoot.NAME));
  }
}
