package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a server says when it has started, and what to do next.
 *
 * @param settings what it is told
 * @param port the port that it listens on
 * @param stored the credentials that are stored
 * @param hasKeys whether there has been a key
 */
record Welcome(
    ServerSettings settings, int port, List<ProviderCredential> stored, boolean hasKeys) {
  private static final String TEXT =
      """
      LLM Accounting listens on %s
        database    %s
        upstreams   %s
                    without a credential: %s
      """;
  private static final String CREDENTIAL =
      """
      Add a credential:  llm-accounting-server %sprojects add-credential %s --file FILE
      """;
  private static final String KEY =
      """
      Make a first key:  llm-accounting-server %skeys create laptop --user "$USER"
      """;
  private static final String QUESTION =
      """
      Ask something:     curl %s/v1/chat/completions -H "Authorization: Bearer $KEY" \\
                           -H "Content-Type: application/json" \\
                           -d '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}'
      """;
  private static final String DEFAULT_DATABASE = "llm-accounting.db";

  String text() {
    String url = url(settings, port);
    String place = Escaped.line(settings.store().place());
    String database = place.endsWith(DEFAULT_DATABASE) ? "" : "--db " + place + " ";
    UpstreamSettings byDefault = byDefault(settings);
    StringBuilder next = new StringBuilder();
    if (byDefault != null && isBare(byDefault)) {
      next.append(CREDENTIAL.formatted(database, byDefault.name()));
    }
    if (!hasKeys) {
      next.append(KEY.formatted(database));
    }
    if (byDefault != null && !isBare(byDefault)) {
      next.append(QUESTION.formatted(url));
    }
    return TEXT.formatted(url, place, upstreams(one -> !isBare(one)), upstreams(this::isBare))
        + (next.isEmpty() ? "" : "\n" + next);
  }

  /** Where clients on this machine reach the server. */
  static String url(ServerSettings settings, int port) {
    String host = settings.listening().host();
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String shown = everywhere ? "localhost" : host;
    return "%s://%s:%d"
        .formatted(
            settings.listening().certificate() == null ? "http" : "https",
            shown.contains(":") ? "[" + shown + "]" : shown,
            port);
  }

  /** The upstream that {@code /v1/...} leads to; null where there is none. */
  static @Nullable UpstreamSettings byDefault(ServerSettings settings) {
    String name = settings.gateway().defaultUpstream();
    return name == null ? null : settings.gateway().upstreams().get(name);
  }

  private String upstreams(Predicate<UpstreamSettings> chosen) {
    String names =
        new TreeMap<>(settings.gateway().upstreams())
            .values().stream()
                .filter(chosen)
                .map(UpstreamSettings::name)
                .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  private boolean isBare(UpstreamSettings upstream) {
    return CredentialPlace.of(upstream, stored) == CredentialPlace.NONE;
  }
}
