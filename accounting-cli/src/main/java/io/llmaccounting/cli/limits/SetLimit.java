package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.json.AmountText;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.Window;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves a limit. */
@Command(
    name = "set",
    description = {
      "Save a limit, in force at once. A limit of the same name is replaced.",
      "Without options that say which calls it watches, it watches all of them together."
    },
    footer = {
      "llm-accounting limits set month --max 500 --metric cost --calendar \"1 month\" --alert 80",
      "llm-accounting limits set fair --max 60 --metric requests --rolling 1m --each user",
      "llm-accounting limits set alice-daily --max 100000 --metric total-tokens --calendar \"1"
          + " day\" --user alice"
    })
final class SetLimit extends AccountingCommand {
  @Parameters(paramLabel = "NAME", description = "Its name.")
  String name = "";

  @Option(
      names = "--max",
      required = true,
      paramLabel = "AMOUNT",
      description = "How much is allowed: a whole number, or US dollars such as 5.00 for a cost.")
  String maximum = "";

  @Option(
      names = "--metric",
      required = true,
      converter = MetricWord.class,
      paramLabel = "METRIC",
      description = "Of what: " + MetricWord.WORDS + ".")
  Metric metric = Metric.REQUESTS;

  @ArgGroup(multiplicity = "0..1")
  @Nullable WindowOptions window;

  @Option(
      names = "--weights",
      converter = WeightsWord.class,
      paramLabel = "KIND=N,...",
      description =
          "What tokens weigh for weighted-tokens, such as input=1,output=4,cache-read=0.1; also"
              + " cache-write, cache-write-1h, audio-input, reasoning and audio-output, which weigh"
              + " as input and output do where they are not named.")
  @Nullable TokenWeights weights;

  @Option(
      names = "--starting",
      paramLabel = "DAY|TIME",
      description =
          "Where windows of --calendar begin: a day of the month such as 31 (the last of a shorter"
              + " one), a weekday, 04-06 in a year, a time such as 06:00, or \"31 06:00\"; in"
              + " --zone.")
  @Nullable String starting;

  @Mixin Watched watched = new Watched();

  @Option(names = "--warn", description = "Warn only, and let calls through.")
  boolean warn;

  @Option(
      names = "--alert",
      split = ",",
      paramLabel = "PERCENT",
      description = "Alert once when so much is used, such as 80%%; may be repeated.")
  List<String> alerts = new ArrayList<>();

  @Option(
      names = "--on-outage",
      paramLabel = "closed|open:AMOUNT",
      description =
          "While the database cannot be reached: refuse, or let each process spend so much."
              + " Default: closed.")
  @Nullable String outage;

  @Option(
      names = "--unpriced",
      paramLabel = "deny|admit|USD",
      description =
          "Calls without a price under a limit on cost: refuse, let through, or charge so much"
              + " until it is known. Default: deny.")
  @Nullable String unpriced;

  @Option(
      names = "--grain",
      paramLabel = "DURATION",
      description = "How finely a rolling window frees what leaves it.")
  @Nullable Duration grain;

  @Option(
      names = "--leased",
      arity = "0..1",
      fallbackValue = "5s",
      paramLabel = "TERM",
      description =
          "Lease slices to processes that call often, which let calls in from them without asking"
              + " the database. TERM is how long a slice lasts unless renewed. Default: 5s.")
  @Nullable Duration leased;

  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) {
    LimitBuilder builder = Limit.named(name);
    watched.into(builder);
    Limit limit =
        builder
            .of(metric, AmountText.parse("--max", metric, maximum), weights)
            .over(window(run.globals().zone()));
    limit = Policies.applied(limit, outage, unpriced, alerts);
    limit = warn ? limit.warning() : limit;
    limit = grain == null ? limit : limit.withGrain(grain);
    limit = leased == null ? limit : limit.leased(leased);
    run.accounting().limits().save(limit);
    LimitRows.print(run, name);
    return Exit.DONE;
  }

  private Window window(ZoneId zone) {
    if (metric == Metric.CONCURRENT && window == null && starting == null) {
      return new Window.Now();
    }
    if (metric == Metric.CONCURRENT) {
      throw new IllegalArgumentException(
          "--metric concurrent counts calls under way and goes with no window");
    }
    if (window == null) {
      throw new IllegalArgumentException(
          "over which window? Give --rolling, --rolling-months, --calendar or --lifetime");
    }
    return window.window(zone, starting);
  }
}
