package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which file a path led to when it was opened. If somebody removes or replaces an open
 * file, we would go on writing into a file that nobody will ever find again. Safe for use by many
 * threads.
 */
final class FileIdentity {
  private final Path path;
  private final @Nullable Object key;

  private FileIdentity(Path path, @Nullable Object key) {
    this.path = path;
    this.key = key;
  }

  /** The file that {@code path} leads to now. */
  static FileIdentity of(Path path) {
    return new FileIdentity(path, key(path));
  }

  /**
   * Throws unless the path still leads to the same file.
   *
   * @throws BackendException of kind UNUSABLE
   */
  void require() {
    Object now = key(path);
    // null where the system has no file keys; it lets nobody remove an open file then
    if (key != null && !key.equals(now)) {
      throw gone("was replaced by another file");
    }
  }

  private static @Nullable Object key(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      throw new Gone(path, "is gone", e).asBackend();
    }
  }

  private BackendException gone(String what) {
    return new Gone(path, what, null).asBackend();
  }

  private record Gone(Path path, String what, @Nullable IOException cause) {
    BackendException asBackend() {
      return new BackendException(
          Kind.UNUSABLE,
          "%s %s while it was open; nothing was acknowledged since: put it back or restore a backup, then open it again"
              .formatted(path, what),
          cause);
    }
  }
}
