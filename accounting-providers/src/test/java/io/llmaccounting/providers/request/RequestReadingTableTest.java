package io.llmaccounting.providers.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of what is read of a request is written from what the dialects declare. */
class RequestReadingTableTest {
  private static final Path PAGE = Path.of("../docs/concepts/request-readings.md");
  private static final String HEAD =
      """
      # What is read of a request from where

      Written from the declarations of the dialects, which the [reader](requests.md) itself goes by;
      `-Dreadings.accept=true` with `RequestReadingTableTest` writes it again. Of several places of one value the first
      that is there is read. A path through an array names no index. `a.**` is everything under `a`, names included.
      `a.type=x` is met by each text `x` at `a.type`, `a.type=x/*` by each that starts with `x/`; of several conditions
      on one place the first that is met counts.

      Where the path of a request does not tell the shape, it is the one with the most signs, a model of its own
      included, among those of which something is there that they need; of two with as many, the upper one.
      """;

  @Test
  void thePageSaysWhatTheDialectsDeclare() throws IOException {
    String page = page();
    if (Boolean.getBoolean("readings.accept")) {
      Files.writeString(PAGE, page, UTF_8);
    }

    assertThat(Files.readString(PAGE, UTF_8)).isEqualTo(page);
  }

  @Test
  void everyShapeIsDeclared() {
    List<RequestShape> declared =
        RequestDialects.ALL.stream().map(dialect -> dialect.fields().shape()).distinct().toList();

    assertThat(declared).hasSize(RequestShape.values().length - 1);
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    for (RequestDialect dialect : RequestDialects.ALL) {
      RequestFields fields = dialect.fields();
      page.append("\n## %s, %s\n\n".formatted(fields.shape(), fields.operation()))
          .append("| what | where |\n|---|---|\n");
      for (RequestWord word : RequestWord.values()) {
        row(page, word.title(), fields.words(word));
      }
      row(page, "text", fields.texts());
      fields
          .textsIf()
          .forEach((path, condition) -> row(page, "text if `" + condition + "`", List.of(path)));
      for (Counted what : Counted.values()) {
        row(page, what.title(), fields.counted(what));
      }
      row(page, "metadata", fields.metadata());
      row(page, "order of the prompt", fields.sections());
      row(page, "looked through", fields.wrappers());
      row(page, "needs one of", fields.needs());
      row(page, "signs", fields.signs());
      row(page, "models of its own", fields.modelStarts().stream().map(m -> m + "…").toList());
    }
    return page.toString();
  }

  private static void row(StringBuilder page, String what, Collection<String> paths) {
    if (!paths.isEmpty()) {
      String all = paths.stream().map(path -> "`" + path + "`").collect(Collectors.joining(", "));
      page.append("| ").append(what).append(" | ").append(all).append(" |\n");
    }
  }
}
