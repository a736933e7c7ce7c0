package io.llmaccounting.server.command;

import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.log.Logs;
import io.llmaccounting.server.process.ServerProcess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the server until the process is told to end. */
@Command(
    name = "run",
    description = {
      "Run the server until it is told to stop (SIGTERM, Ctrl-C): it then says for a while that it is"
          + " not ready, which a second signal ends, and lets requests under way end.",
      "The database is made or migrated where that is needed. This is what no command means, too."
    },
    footer = {
      "llm-accounting-server",
      "llm-accounting-server run --port 9090 --log-format json",
      "llm-accounting-server --db jdbc:postgresql://db/accounting --db-user app run --host 0.0.0.0"
    })
final class RunCommand extends ServerCommand {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "The address that it listens on. Default: 127.0.0.1.")
  @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port; 0 takes a free one. Default: 8181.")
  @Nullable String port;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      description = "How log lines look, on standard error. Default: text.")
  @Nullable String logFormat;

  @Option(
      names = "--log-level",
      paramLabel = "error|warn|info|debug",
      description = "What is logged. Default: info.")
  @Nullable String logLevel;

  @Override
  Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    ServerGlobals.put(options, "listen.host", host);
    ServerGlobals.put(options, "listen.port", port);
    ServerGlobals.put(options, "log.format", logFormat);
    ServerGlobals.put(options, "log.level", logLevel);
    return options;
  }

  @Override
  int run(ServerRun run) throws InterruptedException {
    ServerSettings settings = run.settings().settings();
    Logs.to(run.console().err(), settings.log());
    try (ServerProcess server =
        ServerProcess.start(settings, run.stores(), run.front(), run.console().clock())) {
      // a process that is told to end runs its hooks, and ends when they have
      Thread hook = new Thread(() -> stop(server), "llm-accounting-server-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      if (!run.globals().printing.isQuiet()) {
        run.console().out().print(welcome(settings, server).text());
        run.console().out().flush();
      }
      new CountDownLatch(1).await();
    }
    return Exit.DONE;
  }

  private static void stop(ServerProcess server) {
    SecondSignal.calls(server::hurry);
    server.close();
  }

  private static Welcome welcome(ServerSettings settings, ServerProcess server) {
    return new Welcome(
        settings,
        server.port(),
        server.credentials(),
        !server.accounting().access().list(AccessKeyQuery.first(1)).isEmpty());
  }
}
