package io.llmaccounting.cli.console;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What went wrong with a file, without the names that Java has for it. */
public final class FileProblems {
  private FileProblems() {}

  /** Refuses to make {@code file} where its folder is not there. */
  public static void requireFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw Failure.failed(
          "there is no folder " + folder, "Make it first, or name a file in another.");
    }
  }

  /** Describes the error in one line, with the file's name where it is known. */
  public static String text(IOException error) {
    String said = error.getMessage() == null ? "it cannot be read or written" : error.getMessage();
    if (!(error instanceof FileSystemException failure)) {
      return error instanceof FileNotFoundException ? "no such file: " + said : said;
    }
    String file = String.valueOf(failure.getFile());
    if (error instanceof NoSuchFileException) {
      return "there is no file " + file;
    }
    if (error instanceof AccessDeniedException) {
      return "the rights to " + file + " do not suffice";
    }
    if (error instanceof FileAlreadyExistsException) {
      return "there already is a file " + file;
    }
    if (error instanceof NotDirectoryException) {
      return file + " is no folder";
    }
    return said;
  }
}
