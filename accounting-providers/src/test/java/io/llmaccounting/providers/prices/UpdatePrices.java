package io.llmaccounting.providers.prices;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the table of prices from a facts file; docs/how-to/keep-prices-current.md says when and
 * how.
 */
final class UpdatePrices {
  private UpdatePrices() {}

  /**
   * Replaces the table unless it would change in a way that is rarely meant.
   *
   * @param args the facts file, the table, and the ids of rows whose unusual change is meant
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      throw new IllegalArgumentException(
          "usage: facts.json prices.json [id of a change that is meant]...");
    }
    update(
        Path.of(args[0]),
        Path.of(args[1]),
        Set.copyOf(Arrays.asList(args).subList(2, args.length)));
  }

  static void update(Path factsFile, Path table, Set<String> allowed) throws IOException {
    Map<String, Object> facts = FactsJson.read(factsFile);
    String text = PriceTableText.of(facts, new FactRows(facts));
    List<PriceRow> after =
        PriceCatalog.empty()
            .with(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
            .rows();
    if (Files.exists(table)) {
      PriceTableChanges.check(PriceCatalog.empty().with(table).rows(), after, allowed);
    }
    Files.writeString(table, text);
  }
}
