package io.llmaccounting.cli.limits;

import io.llmaccounting.limit.TokenWeights;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what tokens weigh. */
final class WeightsWord implements ITypeConverter<TokenWeights> {
  @Override
  public TokenWeights convert(String text) {
    try {
      return TokenWeights.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
