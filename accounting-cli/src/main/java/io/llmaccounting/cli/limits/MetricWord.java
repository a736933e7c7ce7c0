package io.llmaccounting.cli.limits;

import io.llmaccounting.limit.Metric;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what a limit measures, in the words of the command line. */
final class MetricWord implements ITypeConverter<Metric> {
  static final String WORDS =
      "requests, input-tokens, uncached-input-tokens, output-tokens, total-tokens, weighted-tokens,"
          + " cost or concurrent (calls under way)";

  @Override
  public Metric convert(String text) {
    for (Metric metric : Metric.values()) {
      if (metric.name().replace('_', '-').toLowerCase(Locale.ROOT).equals(text)) {
        return metric;
      }
    }
    throw new TypeConversionException("must be " + WORDS + ", was \"" + text + "\"");
  }
}
