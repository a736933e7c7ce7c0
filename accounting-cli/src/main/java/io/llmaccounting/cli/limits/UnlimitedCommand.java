package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.limit.Metric;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves an exemption. */
@Command(
    name = "unlimited",
    description = {
      "Exempt calls from limits of one metric that watch more than they do.",
      "What an exemption lifts is not counted there either."
    },
    footer = "llm-accounting limits unlimited night-jobs --metric requests --caller nightly")
final class UnlimitedCommand extends AccountingCommand {
  @Parameters(paramLabel = "NAME", description = "Its name.")
  String name = "";

  @Option(
      names = "--metric",
      required = true,
      converter = MetricWord.class,
      paramLabel = "METRIC",
      description = "Of what: " + MetricWord.WORDS + ".")
  Metric metric = Metric.REQUESTS;

  @Mixin Watched watched = new Watched();

  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) {
    LimitBuilder builder = Limit.named(name);
    watched.into(builder);
    run.accounting().limits().save(builder.unlimited(metric));
    LimitRows.print(run, name);
    return Exit.DONE;
  }
}
