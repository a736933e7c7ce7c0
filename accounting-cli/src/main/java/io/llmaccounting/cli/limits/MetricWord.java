package io.llmaccounting.cli.limits;

import io.llmaccounting.limit.Metric;
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
      if (Words.metric(metric).equalsIgnoreCase(text)) {
        return metric;
      }
    }
    throw new TypeConversionException("must be " + WORDS + ", was \"" + text + "\"");
  }
}
