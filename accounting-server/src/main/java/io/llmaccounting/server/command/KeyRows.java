package io.llmaccounting.server.command;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
          Column.text("project").asSpare(),
          Column.text("user").asSpare(),
          Column.time("expires_at").asSpare(),
          Column.list("limits").asSpare());

  private enum State {
    ACTIVE,
    EXPIRED,
    REVOKED
  }

  private KeyRows() {}

  static void row(Sheet sheet, AccessKey key, Instant now) {
    sheet.row(values(key, now).toArray());
  }

  /** Prints all that is known of one key. */
  static int shown(ServerRun run, AccessKey key) {
    List<Column> columns = new ArrayList<>(COLUMNS);
    columns.add(Column.list("limits").asSpare());
    List<@Nullable Object> values = values(key, run.console().clock().instant());
    values.add(limits(run, key));
    try (Sheet sheet = run.answers().record(columns)) {
      sheet.row(values.toArray());
    }
    return Exit.DONE;
  }

  private static List<@Nullable Object> values(AccessKey key, Instant now) {
    return new ArrayList<>(
        Arrays.<@Nullable Object>asList(
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
            key.lastUsedAt()));
  }

  /** The limits of this key alone, as they are typed. */
  private static List<String> limits(ServerRun run, AccessKey key) {
    Match itself = Match.is(key.id().toString());
    return run.accounting().limits().list().stream()
        .filter(limit -> itself.equals(limit.who().get(Dimension.tag(KeyLimit.TAG))))
        .map(KeyLimit::text)
        .toList();
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
  static int issued(ServerRun run, IssuedKey issued) {
    AccessKey key = issued.key();
    try (Sheet sheet = run.answers().record(ISSUED)) {
      sheet.row(
          issued.secret(),
          key.id(),
          key.name(),
          key.project(),
          key.user(),
          key.expiresAt(),
          limits(run, key));
    }
    run.answers().note("Keep the key now: nobody can show it again.");
    return Exit.DONE;
  }
}
