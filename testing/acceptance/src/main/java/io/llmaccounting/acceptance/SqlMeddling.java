package io.llmaccounting.acceptance;

import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Meddling by plain SQL. */
public final class SqlMeddling implements Meddling {
  private final Consumer<String> sql;
  private final Function<UUID, String> literal;

  /** Runs statements by {@code sql} and writes ids by {@code literal}. */
  public SqlMeddling(Consumer<String> sql, Function<UUID, String> literal) {
    this.sql = sql;
    this.literal = literal;
  }

  @Override
  public void alter(UUID id, String prompt) {
    sql.accept(
        "UPDATE audit_entry SET prompt = '%s' WHERE id = %s".formatted(prompt, literal.apply(id)));
  }

  @Override
  public void remove(UUID id) {
    sql.accept("DELETE FROM audit_entry WHERE id = " + literal.apply(id));
  }

  @Override
  public void exchange(SealedEntry one, SealedEntry other) {
    seal(one.entry().id(), other.seal());
    seal(other.entry().id(), one.seal());
  }

  private void seal(UUID id, Seal seal) {
    sql.accept(
        "UPDATE audit_entry SET sequence = %d, hash = '%s' WHERE id = %s"
            .formatted(seal.sequence(), seal.hash(), literal.apply(id)));
  }

  @Override
  public void insert(SealedEntry forged) {
    Seal seal = forged.seal();
    sql.accept(
        "INSERT INTO audit_entry (id, at, type, prompt, stream, sequence, seal_version, hash)"
            + " VALUES (%s, %d, '%s', '%s', %s, %d, %d, '%s')"
                .formatted(
                    literal.apply(forged.entry().id()),
                    ChronoUnit.MICROS.between(Instant.EPOCH, forged.entry().at()),
                    forged.entry().type(),
                    forged.entry().prompt(),
                    literal.apply(seal.stream()),
                    seal.sequence(),
                    seal.version(),
                    seal.hash()));
  }
}
