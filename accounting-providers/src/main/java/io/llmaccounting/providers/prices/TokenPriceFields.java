package io.llmaccounting.providers.prices;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects {@link TokenPrices}. Confined to one thread. */
final class TokenPriceFields {
  static final List<String> NAMES =
      List.of(
          "input",
          "output",
          "cacheRead",
          "cacheWrite5m",
          "cacheWrite1h",
          "audioInput",
          "audioOutput");

  private @Nullable BigDecimal input;
  private @Nullable BigDecimal output;
  private @Nullable BigDecimal cacheRead;
  private @Nullable BigDecimal cacheWrite5m;
  private @Nullable BigDecimal cacheWrite1h;
  private @Nullable BigDecimal audioInput;
  private @Nullable BigDecimal audioOutput;

  /** Takes the value of {@code key}; false if it is none of the prices. */
  boolean take(String key, PriceJson json) throws IOException {
    switch (key) {
      case "input" -> input = json.decimal();
      case "output" -> output = json.decimal();
      case "cacheRead" -> cacheRead = json.decimal();
      case "cacheWrite5m" -> cacheWrite5m = json.decimal();
      case "cacheWrite1h" -> cacheWrite1h = json.decimal();
      case "audioInput" -> audioInput = json.decimal();
      case "audioOutput" -> audioOutput = json.decimal();
      default -> {
        return false;
      }
    }
    return true;
  }

  TokenPrices build() {
    return new TokenPrices(
        input, output, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, audioOutput);
  }
}
