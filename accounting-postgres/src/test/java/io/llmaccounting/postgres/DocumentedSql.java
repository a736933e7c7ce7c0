package io.llmaccounting.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SQL that a page of the documentation shows. */
final class DocumentedSql {
  private static final Pattern BLOCK = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  private DocumentedSql() {}

  static List<String> of(String page) throws IOException {
    Path file = Path.of("").toAbsolutePath().resolveSibling("docs/how-to").resolve(page);
    Matcher block = BLOCK.matcher(Files.readString(file));
    List<String> blocks = new ArrayList<>();
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }
}
