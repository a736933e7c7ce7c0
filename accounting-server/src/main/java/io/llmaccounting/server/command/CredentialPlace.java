package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the credential of an upstream is: what is stored comes before what the settings say. */
enum CredentialPlace {
  /** In the store. */
  STORED,
  /** In the settings. */
  SETTINGS,
  /** It wants none. */
  NOT_NEEDED,
  /** It wants one, and there is none. */
  NONE;

  /** Where it is for calls of any project; where only some projects have one, in the store. */
  static CredentialPlace of(UpstreamSettings upstream, List<ProviderCredential> stored) {
    if (isStored(upstream, null, stored)) {
      return STORED;
    }
    if (upstream.credential() != null) {
      return SETTINGS;
    }
    if (upstream.auth() == AuthScheme.NONE) {
      return NOT_NEEDED;
    }
    return stored.stream().anyMatch(one -> one.upstream().equals(upstream.name())) ? STORED : NONE;
  }

  /** Whether one is stored that calls of this project, or of none, are sent with. */
  static boolean isStored(
      UpstreamSettings upstream, @Nullable String project, List<ProviderCredential> stored) {
    return stored.stream()
        .filter(one -> one.upstream().equals(upstream.name()))
        .anyMatch(one -> one.project() == null || one.project().equals(project));
  }
}
