package io.llmaccounting.cli.prices;

import picocli.CommandLine.Command;

/** Prices: which are known, and what they make of a call. */
@Command(
    name = "prices",
    description =
        "Look at the prices that are known, and write and check files of prices. No database.",
    subcommands = {AddPrice.class, ListPrices.class, ExplainPrice.class, CheckPrices.class})
public final class PricesCommand {}
