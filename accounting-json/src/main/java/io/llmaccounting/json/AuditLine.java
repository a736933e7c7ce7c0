package io.llmaccounting.json;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.ErasedContent;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.usage.Attribution;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry of the audit log as a line, to the bit, so that its seal stays true. */
public final class AuditLine {
  private AuditLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, SealedEntry sealed) throws IOException {
    AuditEntry entry = sealed.entry();
    Attribution who = entry.attribution();
    to.begin("audit")
        .text("id", entry.id())
        .time("at", entry.at())
        .text("type", entry.type())
        .text("actor", entry.actor())
        .text("outcome", entry.outcome())
        .text("model", entry.model())
        .text("project", who.project())
        .text("user", who.user())
        .text("caller", who.caller())
        .text("session", who.session())
        .text("usage_id", entry.usageId())
        .text("response_id", entry.responseId())
        .text("prompt", entry.prompt())
        .text("response", entry.response())
        .map("attributes", entry.attributes())
        .map("marks", entry.marks());
    Seal seal = sealed.seal();
    if (seal != null) {
      to.beginObject("seal")
          .text("stream", seal.stream())
          .number("sequence", seal.sequence())
          .number("version", seal.version())
          .text("key", seal.key())
          .text("hash", seal.hash())
          .text("salt", seal.salt());
      ErasedContent erased = seal.erased();
      if (erased != null) {
        to.text("sealed_digest", erased.digest()).text("attested_by", erased.attestedBy());
      }
      to.endObject();
    }
    to.end();
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static SealedEntry read(JsonFields line) {
    line.requireKind("audit");
    AuditEntry entry =
        new AuditEntry(
            line.id("id"),
            line.instant("at"),
            line.text("type"),
            line.optionalText("actor"),
            line.optionalText("outcome"),
            line.optionalText("model"),
            new Attribution(
                line.optionalText("project"),
                line.optionalText("user"),
                line.optionalText("caller"),
                line.optionalText("session"),
                Map.of()),
            line.optionalId("usage_id"),
            line.optionalText("response_id"),
            line.optionalText("prompt"),
            line.optionalText("response"),
            line.texts("attributes"),
            line.counts("marks"));
    SealedEntry sealed = new SealedEntry(entry, seal(line.optionalObject("seal")));
    line.requireNoOthers();
    return sealed;
  }

  private static @Nullable Seal seal(@Nullable JsonFields seal) {
    if (seal == null) {
      return null;
    }
    Seal read =
        new Seal(
            seal.id("stream"),
            seal.number("sequence"),
            (int) seal.number("version", 0, Integer.MAX_VALUE),
            seal.optionalText("key"),
            seal.text("hash"),
            seal.optionalText("salt"),
            erased(seal));
    seal.requireNoOthers();
    return read;
  }

  private static @Nullable ErasedContent erased(JsonFields seal) {
    return seal.has("sealed_digest") || seal.has("attested_by")
        ? new ErasedContent(seal.text("sealed_digest"), seal.id("attested_by"))
        : null;
  }
}
