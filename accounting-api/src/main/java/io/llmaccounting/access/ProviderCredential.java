package io.llmaccounting.access;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream asks of whoever calls it, encrypted by whoever uses it: the library keeps it and
 * cannot read it.
 *
 * @param id what it is referred to by, unique
 * @param project the project that may use it, null for all
 * @param upstream the name of the upstream that it opens
 * @param name what people call it; several may have one name
 * @param sealed the encrypted credential
 * @param sealedBy which key it was encrypted with, so that keys can be rotated
 * @param createdAt when it was added
 */
public record ProviderCredential(
    UUID id,
    @Nullable String project,
    String upstream,
    String name,
    SealedBytes sealed,
    String sealedBy,
    Instant createdAt) {
  /** Checks the names. */
  public ProviderCredential {
    Objects.requireNonNull(id, "id is required, was null");
    Check.optionalName("project", project);
    Check.name("upstream", upstream);
    Check.name("name", name);
    Objects.requireNonNull(sealed, "sealed is required, was null");
    Check.name("sealedBy", sealedBy);
    createdAt = Check.instant("createdAt", createdAt);
  }

  /** Returns a copy that holds this, encrypted with that key. */
  public ProviderCredential resealed(SealedBytes sealed, String sealedBy) {
    return new ProviderCredential(id, project, upstream, name, sealed, sealedBy, createdAt);
  }
}
