package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * A file that is there whole or not at all: it is written beside its place, for its owner's eyes
 * only, and put there when it is finished. Confined to one thread.
 */
final class NewFile implements AutoCloseable {
  private final Path place;
  private final Path draft;
  private final OutputStream out;
  private final boolean replaces;

  private NewFile(Path place, Path draft, boolean replaces) throws IOException {
    this.place = place;
    this.draft = draft;
    this.replaces = replaces;
    this.out = new BufferedOutputStream(Files.newOutputStream(draft));
  }

  /** Starts a file; one that is there already is replaced only where that is allowed. */
  static NewFile at(Path place, boolean replaces) throws IOException {
    Path whole = place.toAbsolutePath();
    if (!replaces) {
      requireFree(whole);
    }
    FileProblems.requireFolder(whole);
    Path folder = Objects.requireNonNull(whole.getParent(), "a file that can be made has a folder");
    boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
    FileAttribute<?>[] ownersOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path draft = Files.createTempFile(folder, whole.getFileName() + ".", ".part", ownersOnly);
    return new NewFile(whole, draft, replaces);
  }

  private static void requireFree(Path place) {
    if (Files.exists(place)) {
      throw Failure.failed(
          "there is a file %s already".formatted(place), "Name another one, or give --force.");
    }
  }

  /** The stream to write the file to. */
  OutputStream out() {
    return out;
  }

  /** The file that is written until it is finished. */
  Path draft() {
    return draft;
  }

  /** Puts the finished file in its place, durably. */
  void keep() throws IOException {
    out.close();
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    if (replaces) {
      Files.move(draft, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      Files.createLink(place, draft);
    } catch (FileAlreadyExistsException e) {
      requireFree(place);
    } catch (UnsupportedOperationException | IOException e) {
      Files.move(draft, place);
    }
  }

  /** Throws the file away if it was not finished. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(draft);
  }
}
