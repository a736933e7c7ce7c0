package io.llmaccounting.sql.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.ErasedContent;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.usage.Attribution;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An audit entry as a row: all columns of audit_entry in their order. */
final class AuditRow {
  static final String COLUMNS =
      "id, at, type, actor, outcome, model, project, user_name, caller, session, usage_id,"
          + " response_id, prompt, response, attributes, marks, stream, sequence, seal_version,"
          + " seal_key, hash, seal_salt, sealed_digest, attested_by";

  /** Sets what an erasure changes of the entry that {@code WHERE} finds by its id. */
  static final String REPLACE =
      "UPDATE audit_entry SET actor = ?, user_name = ?, prompt = ?, response = ?, attributes = ?,"
          + " marks = ?, seal_salt = ?, sealed_digest = ?, attested_by = ? WHERE ";

  private AuditRow() {}

  static String insert(Shards shards) {
    String columns = shards.key(COLUMNS);
    return "INSERT INTO audit_entry (%s) VALUES (?%s) ON CONFLICT DO NOTHING"
        .formatted(columns, ", ?".repeat(columns.split(",").length - 1));
  }

  static void bind(SealedEntry stored, Parameters to) throws SQLException {
    AuditEntry entry = stored.entry();
    Attribution who = entry.attribution();
    to.id(entry.id())
        .instant(entry.at())
        .text(entry.type())
        .text(entry.actor())
        .text(entry.outcome())
        .text(entry.model())
        .text(who.project())
        .text(who.user())
        .text(who.caller())
        .text(who.session())
        .id(entry.usageId())
        .text(entry.responseId())
        .text(entry.prompt())
        .text(entry.response())
        .json(entry.attributes())
        .json(entry.marks());
    bind(stored.seal(), to);
  }

  private static void bind(@Nullable Seal seal, Parameters to) throws SQLException {
    to.id(seal == null ? null : seal.stream())
        .optional(seal == null ? null : Long.valueOf(seal.sequence()))
        .optional(seal == null ? null : Long.valueOf(seal.version()))
        .text(seal == null ? null : seal.key())
        .text(seal == null ? null : seal.hash());
    bindErasure(seal, to);
  }

  private static void bindErasure(@Nullable Seal seal, Parameters to) throws SQLException {
    ErasedContent erased = seal == null ? null : seal.erased();
    to.text(seal == null ? null : seal.salt())
        .text(erased == null ? null : erased.digest())
        .id(erased == null ? null : erased.attestedBy());
  }

  static void bindReplacement(SealedEntry after, Parameters to) throws SQLException {
    AuditEntry entry = after.entry();
    to.text(entry.actor())
        .text(entry.attribution().user())
        .text(entry.prompt())
        .text(entry.response())
        .json(entry.attributes())
        .json(entry.marks());
    bindErasure(after.seal(), to);
  }

  static SealedEntry read(Columns from) throws SQLException {
    UUID id = from.id();
    try {
      return new SealedEntry(entry(id, from), seal(from));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new BackendException(
          BackendException.Kind.UNUSABLE,
          "audit entry %s is damaged, verify the log or restore a backup: %s"
              .formatted(id, e.getMessage()),
          e);
    }
  }

  // Arguments are evaluated from left to right: the components are the columns' order.
  private static AuditEntry entry(UUID id, Columns from) throws SQLException {
    return new AuditEntry(
        id,
        from.instant(),
        from.text(),
        from.optionalText(),
        from.optionalText(),
        from.optionalText(),
        new Attribution(
            from.optionalText(),
            from.optionalText(),
            from.optionalText(),
            from.optionalText(),
            Map.of()),
        from.optionalId(),
        from.optionalText(),
        from.optionalText(),
        from.optionalText(),
        from.texts(),
        from.counts());
  }

  private static @Nullable Seal seal(Columns from) throws SQLException {
    UUID stream = from.optionalId();
    Long sequence = from.optionalNumber();
    Long version = from.optionalNumber();
    String key = from.optionalText();
    String hash = from.optionalText();
    String salt = from.optionalText();
    String digest = from.optionalText();
    UUID attestedBy = from.optionalId();
    if (stream == null) {
      return null;
    }
    return new Seal(
        stream,
        Objects.requireNonNull(sequence, "sequence is required, was null"),
        Math.toIntExact(Objects.requireNonNull(version, "version is required, was null")),
        key,
        Objects.requireNonNull(hash, "hash is required, was null"),
        salt,
        digest == null && attestedBy == null
            ? null
            : new ErasedContent(
                Objects.requireNonNull(digest, "sealed_digest is required, was null"),
                Objects.requireNonNull(attestedBy, "attested_by is required, was null")));
  }

  /** Reads id, stream, sequence, then an entry, which may be none that we have written. */
  static ScannedEntry scanned(Columns from) throws SQLException {
    UUID id = from.id();
    UUID stream = from.optionalId();
    long sequence = from.number();
    try {
      return new ScannedEntry(id, stream, sequence, read(from), null);
    } catch (BackendException | ArithmeticException e) {
      return new ScannedEntry(id, stream, sequence, null, String.valueOf(e.getMessage()));
    }
  }
}
