package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.load.Figures;
import io.llmaccounting.server.load.Load;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a running server. */
@Command(
    name = "bench",
    description = {
      "Send many requests to an upstream, past the server and through it, and say how fast each is.",
      "Where nothing listens at the upstream's address and that is of this machine, a provider stands"
          + " in there that answers each request at once with 1 KB. The server must know the same"
          + " upstream: put 'upstreams: {bench: {url: \"http://127.0.0.1:9099\", allow-private: true,"
          + " auth: none}}' into the file of settings of both.",
      "Each request through the server is recorded. At a provider that charges, both ways cost."
    },
    footer = {
      "llm-accounting-server bench --upstream local --for 1s",
      "llm-accounting-server bench --upstream local --for 1s --rate 20"
    })
final class BenchCommand extends ServerCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("way"),
          Column.number("answered"),
          Column.number("failed"),
          Column.decimal("per_second"),
          Column.decimal("p50_ms"),
          Column.decimal("p99_ms"),
          Column.text("failure").asSpare());

  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Mixin CallerOptions caller = new CallerOptions();

  @Option(
      names = "--upstream",
      paramLabel = "NAME",
      description = "The upstream, which must speak as OpenAI does. Default: bench.")
  String upstream = "bench";

  @Option(names = "--model", paramLabel = "NAME", description = "The model. Default: gpt-5-mini.")
  String model = "gpt-5-mini";

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description =
          "How long each way is measured, at most 10m; the warm-up is apart. Default: 10s.")
  Duration time = Duration.ofSeconds(10);

  @Option(
      names = "--clients",
      paramLabel = "COUNT",
      description = "How many clients send as soon as they have an answer. Default: 32.")
  int clients = 32;

  @Option(
      names = "--rate",
      paramLabel = "COUNT",
      description =
          "How many requests are sent a second, whether answers come or not; times count from when"
              + " each was to be sent. Default: as many as pass.")
  @Nullable Integer rate;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "How long the question is. Default: 1000.")
  int size = 1_000;

  @Override
  int run(ServerRun run) throws InterruptedException {
    requireSense();
    UpstreamSettings asked = UpstreamArgument.find(run, upstream);
    URI through = caller.endpoint(run, "/" + upstream + "/v1/chat/completions");
    String key = caller.key(run);
    Vertx vertx = Vertx.vertx();
    try (BenchedProvider provider = BenchedProvider.of(vertx, asked)) {
      Figures alone;
      Figures served;
      try (Load load = provider.load(Load.question(model, size))) {
        alone = measured(load);
      }
      try (Load load = BenchedProvider.load(vertx, through, key, Load.question(model, size))) {
        served = measured(load);
      }
      print(run, alone, served);
      return alone.failed() + served.failed() == 0 ? Exit.DONE : Exit.FAILED;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      BenchedProvider.await(vertx.close());
    }
  }

  private void requireSense() {
    if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(LONGEST) > 0) {
      throw Failure.usage("--for must be from 1s to 10m", "Leave it out for 10s.");
    }
    if (clients < 1 || clients > 10_000 || (rate != null && (rate < 1 || rate > 100_000))) {
      throw Failure.usage(
          "--clients must be from 1 to 10000, --rate from 1 to 100000", "Leave them out.");
    }
    if (size < 1 || size > 1_000_000) {
      throw Failure.usage("--size must be from 1 to 1000000 bytes", "Leave it out for 1000.");
    }
  }

  private Figures measured(Load load) throws InterruptedException, ExecutionException {
    Duration warmUp = time.compareTo(WARM_UP) < 0 ? time : WARM_UP;
    Figures unused = once(load, warmUp);
    return once(load, time);
  }

  private Figures once(Load load, Duration during) throws InterruptedException, ExecutionException {
    return (rate == null ? load.from(clients, during) : load.at(rate, during))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
  }

  private static void print(ServerRun run, Figures alone, Figures served) {
    try (Sheet sheet = run.answers().rows(COLUMNS)) {
      row(sheet, "provider alone", alone);
      row(sheet, "through the server", served);
    }
  }

  private static void row(Sheet sheet, String way, Figures figures) {
    sheet.row(
        way,
        figures.answered(),
        figures.failed(),
        rounded(figures.perSecond(), 1),
        rounded(figures.p50(), 2),
        rounded(figures.p99(), 2),
        figures.failure());
  }

  private static BigDecimal rounded(double figure, int decimals) {
    return BigDecimal.valueOf(figure).setScale(decimals, RoundingMode.HALF_UP);
  }
}
