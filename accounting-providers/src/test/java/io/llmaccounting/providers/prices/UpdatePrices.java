package io.llmaccounting.providers.prices;

import java.io.ByteArrayInputStream;
import java.io.File;
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
   * @param args the facts files, joined as in a class path, the table, and the ids of rows whose
   *     unusual change is meant
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      throw new IllegalArgumentException(
          "usage: facts.json prices.json [id of a change that is meant]...");
    }
    update(
        Arrays.stream(args[0].split(File.pathSeparator)).map(Path::of).toList(),
        Path.of(args[1]),
        Set.copyOf(Arrays.asList(args).subList(2, args.length)));
  }

  static void update(List<Path> factsFiles, Path table, Set<String> allowed) throws IOException {
    Map<String, Object> facts = FactsJson.read(factsFiles);
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
