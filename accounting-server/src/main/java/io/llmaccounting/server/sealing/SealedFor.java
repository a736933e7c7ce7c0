package io.llmaccounting.server.sealing;

import io.llmaccounting.access.ProviderCredential;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a credential belongs. What is sealed opens there and nowhere else, so that nobody who can
 * write to the store can use it for another project, or send it to another upstream.
 *
 * @param id of the credential
 * @param project the project that may use it, or null for all
 * @param upstream the name of the upstream that it opens
 */
public record SealedFor(UUID id, @Nullable String project, String upstream) {
  /** Where this credential belongs. */
  public static SealedFor of(ProviderCredential credential) {
    return new SealedFor(credential.id(), credential.project(), credential.upstream());
  }

  /** These as bytes from which they can be told: lengths before texts, -1 for none. */
  byte[] associated() {
    byte[] of = project == null ? new byte[0] : project.getBytes(StandardCharsets.UTF_8);
    byte[] to = upstream.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + 16 + 4 + of.length + 4 + to.length)
        .put(Sealing.VERSION)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .putInt(project == null ? -1 : of.length)
        .put(of)
        .putInt(to.length)
        .put(to)
        .array();
  }
}
