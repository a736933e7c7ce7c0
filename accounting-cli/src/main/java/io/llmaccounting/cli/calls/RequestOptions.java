package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Who;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Cost;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that describe a call that is about to be made. */
final class RequestOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "The model to be asked.")
  String model = "";

  @Option(names = "--provider", paramLabel = "NAME", description = "The provider.")
  @Nullable String provider;

  @Option(names = "--operation", paramLabel = "NAME", description = "What is asked of it.")
  @Nullable String operation;

  @Option(
      names = "--input-tokens",
      paramLabel = "N",
      description = "How many tokens of input are expected.")
  @Nullable Long input;

  @Option(
      names = {"--max-output-tokens", "--output-tokens"},
      paramLabel = "N",
      description = "How many tokens of output it is allowed.")
  @Nullable Long output;

  @Option(
      names = "--cost",
      paramLabel = "USD",
      description = "What it may cost at most. Without it, it is computed from prices.")
  @Nullable Cost cost;

  @Mixin Who who = new Who();

  CallRequest request() {
    CallRequest request = CallRequest.to(model).attribution(who.attribution());
    request = provider == null ? request : request.provider(provider);
    request = operation == null ? request : request.operation(operation);
    request = input == null ? request : request.inputTokens(input);
    request = output == null ? request : request.maxOutputTokens(output);
    return cost == null ? request : request.cost(cost);
  }
}
