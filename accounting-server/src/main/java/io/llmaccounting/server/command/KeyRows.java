package io.llmaccounting.server.command;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import java.time.Instant;
import java.util.List;

/** How keys are printed. */
final class KeyRows {
  static final List<Column> COLUMNS =
      List.of(
          Column.id("id"),
          Column.text("name"),
          Column.text("state"),
          Column.text("key"),
          Column.text("project").asSpare(),
          Column.text("user").asSpare(),
          Column.map("tags").asSpare(),
          Column.list("models").asSpare(),
          Column.list("providers").asSpare(),
          Column.list("roles").asSpare(),
          Column.time("created_at").asSpare(),
          Column.time("expires_at").asSpare(),
          Column.time("revoked_at").asSpare(),
          Column.time("last_used_at"));

  private static final List<Column> ISSUED =
      List.of(
          Column.id("secret").titled("key"),
          Column.id("id"),
          Column.text("name"),
          Column.time("expires_at").asSpare(),
          Column.list("limits").asSpare());

  private enum State {
    ACTIVE,
    EXPIRED,
    REVOKED
  }

  private KeyRows() {}

  static void row(Sheet sheet, AccessKey key, Instant now) {
    sheet.row(
        key.id(),
        key.name(),
        state(key, now),
        key.hint(),
        key.project(),
        key.user(),
        key.terms().tags(),
        List.copyOf(key.terms().models()),
        List.copyOf(key.terms().providers()),
        key.terms().roles().stream().map(Words::of).toList(),
        key.createdAt(),
        key.expiresAt(),
        key.revokedAt(),
        key.lastUsedAt());
  }

  private static Shown state(AccessKey key, Instant now) {
    if (key.revokedAt() != null) {
      return Shown.in(Tone.BAD, State.REVOKED);
    }
    return key.hasExpiredAt(now)
        ? Shown.in(Tone.WARNING, State.EXPIRED)
        : Shown.in(Tone.GOOD, State.ACTIVE);
  }

  /** Prints a key with its secret, for the only time. */
  static int issued(ServerRun run, IssuedKey issued, List<String> limits) {
    AccessKey key = issued.key();
    try (Sheet sheet = run.answers().record(ISSUED)) {
      sheet.row(issued.secret(), key.id(), key.name(), key.expiresAt(), limits);
    }
    run.answers().note("Keep the key now: nobody can show it again.");
    return Exit.DONE;
  }
}
