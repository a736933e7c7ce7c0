package io.llmaccounting.server.config;

import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.providers.prices.PriceFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that settings name and that are read later: what is wrong with them is said with everything
 * else.
 *
 * @param values what was given
 */
record GivenFiles(Values values) {
  /** The files of prices. */
  List<Path> prices() {
    List<Path> files = values.list("prices").stream().map(values::path).toList();
    for (Path file : files) {
      if (readable("prices", file)) {
        try {
          PriceCatalog.empty().with(file);
        } catch (PriceFileException e) {
          e.problems().forEach(problem -> values.wrong("prices", "has a fault: " + problem));
        }
      }
    }
    return files;
  }

  /** The file of the sealing key, or null. */
  @Nullable Path sealing() {
    String path = "sealing.key-file";
    Path file = values.file(path);
    if (file != null && readable(path, file)) {
      try {
        SealingKeyRule.problem(Files.readString(file))
            .ifPresent(problem -> values.wrong(path, "names " + file + ", which " + problem));
      } catch (IOException e) {
        values.wrong(path, "cannot be read: " + FileProblems.text(e));
      }
    }
    return file;
  }

  /** A file that must be there, or null where none is named. */
  @Nullable Path present(String path) {
    Path file = values.file(path);
    if (file != null) {
      readable(path, file);
    }
    return file;
  }

  private boolean readable(String path, Path file) {
    if (!Files.exists(file)) {
      values.wrong(path, "cannot be read: there is no file " + file);
    } else if (Files.isDirectory(file)) {
      values.wrong(path, "cannot be read: " + file + " is a folder");
    } else if (!Files.isReadable(file)) {
      values.wrong(path, "cannot be read: the rights to " + file + " do not suffice");
    } else {
      return true;
    }
    return false;
  }
}
