package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Knows what upstreams are told. Safe for use by many threads; never blocks. */
@FunctionalInterface
public interface Keychain {
  /**
   * The credential that requests of a project are sent with; empty where there is none. The stage
   * fails with a {@link io.llmaccounting.server.sealing.SealingException} where there is none but
   * one that cannot be opened.
   *
   * @param project the project, or null for a caller without one
   */
  CompletionStage<Optional<Secret>> credential(@Nullable String project, UpstreamSettings upstream);

  /**
   * A credential.
   *
   * @param id its name here, the same in every instance and whenever it is asked for
   * @param secret what the upstream is told
   * @param shared whether other projects use it too
   */
  record Held(String id, Secret secret, boolean shared) {}

  /**
   * The credential that requests of a project are sent with, as {@link #credential}, and which it
   * is.
   *
   * @param wanted the id of the one that is to be taken where the project may use it, or null
   */
  default CompletionStage<Optional<Held>> held(
      @Nullable String project, UpstreamSettings upstream, @Nullable String wanted) {
    return credential(project, upstream)
        .thenApply(found -> found.map(secret -> new Held("configured", secret, true)));
  }
}
