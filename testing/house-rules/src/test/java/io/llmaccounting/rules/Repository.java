package io.llmaccounting.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that the rules are about. */
final class Repository {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  private Repository() {}

  /** The module that these tests are in. */
  static Path module() {
    return MODULE;
  }

  /** Where the README is. */
  static Path root() {
    for (Path folder = MODULE; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("accounting-api"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no folder above " + MODULE + " has a module accounting-api");
  }

  /** Files of any module below {@code part} whose name ends like this; nothing that was built. */
  static List<Path> files(String part, String suffix) {
    try (Stream<Path> all = Files.walk(root())) {
      return all.filter(file -> file.toString().endsWith(suffix))
          .filter(file -> unixPath(file).contains("/" + part + "/"))
          .filter(file -> !unixPath(file).contains("/target/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path below the root, with slashes. */
  static String name(Path file) {
    return unixPath(root().relativize(file));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What tests are run with, also where it is hidden behind a jar of the test runner's. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String unixPath(Path file) {
    return file.toString().replace('\\', '/');
  }
}
