package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a server says when it has started. */
final class Welcome {
  private static final String TEXT =
      """
      LLM Accounting listens on %s
        database    %s
        upstreams   %s
                    without a credential: %s

      Make a first key:  llm-accounting-server %skeys create laptop --user "$USER"
      Ask something:     curl %s/v1/chat/completions -H "Authorization: Bearer $KEY" \\
                           -H "Content-Type: application/json" \\
                           -d '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}'
      """;
  private static final String DEFAULT_DATABASE = "llm-accounting.db";

  private Welcome() {}

  static String text(ServerSettings settings, int port) {
    String url = url(settings, port);
    String place = Escaped.line(settings.store().place());
    String database = place.endsWith(DEFAULT_DATABASE) ? "" : "--db " + place + " ";
    return TEXT.formatted(
        url, place, upstreams(settings, true), upstreams(settings, false), database, url);
  }

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

  private static String upstreams(ServerSettings settings, boolean ready) {
    String names =
        new TreeMap<>(settings.gateway().upstreams())
            .values().stream()
                .filter(one -> isReady(one) == ready)
                .map(UpstreamSettings::name)
                .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  private static boolean isReady(UpstreamSettings upstream) {
    return upstream.credential() != null || upstream.auth() == AuthScheme.NONE;
  }
}
