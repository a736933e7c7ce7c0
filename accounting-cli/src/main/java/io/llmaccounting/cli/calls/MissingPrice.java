package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Near;
import io.llmaccounting.providers.prices.PriceRow;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says what to do where a model has no price, as commands that can be typed. */
public final class MissingPrice {
  private MissingPrice() {}

  /** The advice for a call whose cost can be given instead. */
  public static String ofCall(Run run, String model, @Nullable String provider) {
    return meant(run, model, provider)
        + addition(model)
        + "; or say what the call costs with --cost.";
  }

  /** The advice for a question about prices. */
  public static String ofQuestion(Run run, String model, @Nullable String provider) {
    return meant(run, model, provider) + addition(model) + ".";
  }

  private static String addition(String model) {
    String quoted =
        model.matches("[A-Za-z0-9._:/-]+") ? model : "'" + model.replace("'", "'\\''") + "'";
    return "Add its price, US dollars for a million tokens: 'llm-accounting prices add prices.json"
        + " --model "
        + quoted
        + " --input 1.25 --output 10', then give --prices prices.json";
  }

  private static String meant(Run run, String model, @Nullable String provider) {
    List<PriceRow> rows = run.prices().rows();
    List<String> providers =
        rows.stream().map(PriceRow::provider).filter(Objects::nonNull).distinct().toList();
    if (provider != null && !providers.contains(provider)) {
      return Near.question(provider, providers);
    }
    List<String> models =
        rows.stream()
            .filter(row -> provider == null || provider.equals(row.provider()))
            .flatMap(row -> row.models().stream())
            .map(name -> name.replaceFirst("~$", ""))
            .filter(name -> !name.matches(".*[*#!~].*"))
            .distinct()
            .toList();
    return models.contains(model) ? "" : Near.question(model, models);
  }
}
