package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.usage.Attribution;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an entry that its seal is made from, which must never change; version 2 puts a salt
 * in front of those of version 1. Numbers are big-endian. An absent value is the length -1; a text
 * is its length in bytes of UTF-8 (4 bytes) and those bytes; maps are their size (4 bytes), then
 * names and values sorted by name.
 */
final class EntryEncoding {
  private static final int ABSENT = -1;
  private static final byte[] SALTED =
      "llm-accounting audit entry 2\n".getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest digest;
  private final ByteBuffer number = ByteBuffer.allocate(16);

  private EntryEncoding(MessageDigest digest) {
    this.digest = digest;
  }

  /**
   * The SHA-256 of the entry's bytes; with a salt, of a mark that there is one, the salt, and those
   * bytes.
   *
   * @param salt hexadecimal digits, or null for none
   */
  static byte[] digest(AuditEntry entry, @Nullable String salt) {
    EntryEncoding encoding = new EntryEncoding(Hashes.sha256());
    if (salt != null) {
      encoding.digest.update(SALTED);
      encoding.digest.update(HexFormat.of().parseHex(salt));
    }
    encoding.add(entry);
    return encoding.digest.digest();
  }

  private void add(AuditEntry entry) {
    Attribution who = entry.attribution();
    id(entry.id());
    number(ChronoUnit.MICROS.between(Instant.EPOCH, entry.at()));
    text(entry.type());
    text(entry.actor());
    text(entry.outcome());
    text(entry.model());
    text(who.project());
    text(who.user());
    text(who.caller());
    text(who.session());
    UUID usage = entry.usageId();
    text(usage == null ? null : usage.toString());
    text(entry.responseId());
    text(entry.prompt());
    text(entry.response());
    size(entry.attributes().size());
    for (Map.Entry<String, String> one : entry.attributes().entrySet()) {
      text(one.getKey());
      text(one.getValue());
    }
    size(entry.marks().size());
    for (Map.Entry<String, Long> one : entry.marks().entrySet()) {
      text(one.getKey());
      number(one.getValue());
    }
  }

  private void text(@Nullable String text) {
    if (text == null) {
      size(ABSENT);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    size(bytes.length);
    digest.update(bytes);
  }

  private void size(int size) {
    digest.update(number.clear().putInt(size).flip());
  }

  private void number(long value) {
    digest.update(number.clear().putLong(value).flip());
  }

  private void id(UUID id) {
    digest.update(
        number
            .clear()
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .flip());
  }
}
