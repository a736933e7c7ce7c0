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
}
