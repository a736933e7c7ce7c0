package io.llmaccounting.json;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.SealedBytes;
import java.io.IOException;
import java.util.Base64;

/** A sealed credential of a provider as a line, of the kind {@code credential}. */
public final class CredentialLine {
  private static final String KIND = "credential";

  private CredentialLine() {}

  /** Writes a line; what is sealed is in Base64. */
  public static void write(JsonWriter to, ProviderCredential credential) throws IOException {
    to.begin(KIND)
        .text("id", credential.id())
        .text("project", credential.project())
        .text("upstream", credential.upstream())
        .text("name", credential.name())
        .text("sealed", Base64.getEncoder().encodeToString(credential.sealed().toBytes()))
        .text("sealed_by", credential.sealedBy())
        .time("created_at", credential.createdAt())
        .end();
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static ProviderCredential read(JsonFields line) {
    line.requireKind(KIND);
    ProviderCredential credential =
        new ProviderCredential(
            line.id("id"),
            line.optionalText("project"),
            line.text("upstream"),
            line.text("name"),
            SealedBytes.of(line.parsed("sealed", Base64.getDecoder()::decode)),
            line.text("sealed_by"),
            line.instant("created_at"));
    line.requireNoOthers();
    return credential;
  }
}
