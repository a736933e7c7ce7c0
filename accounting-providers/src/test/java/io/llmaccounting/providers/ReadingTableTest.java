package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The page of what is read from where is written from what the dialects declare. */
class ReadingTableTest {
  private static final Path PAGE = Path.of("../docs/concepts/readings.md");
  private static final String HEAD =
      """
      # What is read from where

      Written from the declarations of the dialects, which the reader itself goes by; `-Dreadings.accept=true` with
      `ReadingTableTest` writes it again. Of several spellings of one count the first with a value above zero is read.
      A path through an array names no index; `list[kind=x].count` is the sum over those elements whose `kind` is `x`.

      An answer may be wrapped: `response`, `response.body`, `result`, `result.message`, `final_result`, `interaction`,
      `body`, `modelOutput` and `kwargs` at the top are looked through. An answer in a wrapper is of a batch, and costs
      what batches cost, only if `custom_id`, `recordId` or, for Gemini, `key` or `processed_time` stands beside it.
      """;

  @Test
  @DisplayName("reading, must show: the table of every shape is generated from the dialects")
  void thePageSaysWhatTheDialectsDeclare() throws IOException {
    String page = page();
    if (Boolean.getBoolean("readings.accept")) {
      Files.writeString(PAGE, page, UTF_8);
    }

    assertThat(Files.readString(PAGE, UTF_8)).isEqualTo(page);
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Dialect dialect : Dialects.ALL) {
      AnswerFields fields = dialect.fields();
      page.append("\n## ").append(dialect.shape()).append("\n\n| what | where |\n|---|---|\n");
      row(page, "usage", fields.usages().stream());
      row(page, "counts at the top", fields.rootCounts().stream());
      for (Count count : Count.values()) {
        row(page, count.title(), fields.counts(count).stream().map(UsagePath::text));
      }
      fields
          .extras()
          .forEach((name, paths) -> row(page, name, paths.stream().map(UsagePath::text)));
      row(page, "reported cost", fields.costs().stream());
      for (Word word : Word.values()) {
        row(page, word.title(), fields.words(word).stream());
      }
      row(page, "keys that tell the shape", fields.keys().stream());
    }
    return page.toString();
  }

  private static void row(StringBuilder page, String what, Stream<String> paths) {
    List<String> where = paths.distinct().toList();
    if (!where.isEmpty()) {
      String all = where.stream().map(path -> "`" + path + "`").collect(Collectors.joining(", "));
      page.append("| ").append(what).append(" | ").append(all).append(" |\n");
    }
  }
}
