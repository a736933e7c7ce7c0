package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Near;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.Map;

/** Finds upstreams by their names. */
final class UpstreamArgument {
  private UpstreamArgument() {}

  static UpstreamSettings find(ServerRun run, String name) {
    Map<String, UpstreamSettings> all = run.settings().settings().gateway().upstreams();
    UpstreamSettings upstream = all.get(name);
    if (upstream == null) {
      throw Failure.usage(
          "there is no upstream \"%s\"".formatted(name),
          Near.question(name, all.keySet())
              + "See '%s upstreams list'.".formatted(ServerRoot.NAME));
    }
    return upstream;
  }
}
