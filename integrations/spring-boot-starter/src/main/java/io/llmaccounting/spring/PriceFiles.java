package io.llmaccounting.spring;

import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.providers.prices.PriceFileException;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.core.io.Resource;

/** Reads the files of prices that the properties name. */
final class PriceFiles {
  private PriceFiles() {}

  static PriceCatalog read(LlmAccountingProperties.Prices properties) {
    PriceCatalog prices = properties.bundled() ? PriceCatalog.bundled() : PriceCatalog.empty();
    int number = 0;
    for (Resource file : properties.files()) {
      prices = with(prices, file, number++);
    }
    return prices;
  }

  private static PriceCatalog with(PriceCatalog prices, Resource file, int number) {
    String property = LlmAccountingProperties.PREFIX + "prices.files[" + number + "]";
    try (InputStream in = file.getInputStream()) {
      return prices.with(in);
    } catch (IOException e) {
      throw new SettingException(
          property, file.getDescription(), "must be a file that can be read, but " + e, e);
    } catch (PriceFileException e) {
      throw new SettingException(
          property, file.getDescription(), String.valueOf(e.getMessage()), e);
    }
  }
}
