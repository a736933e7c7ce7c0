package io.llmaccounting.server.sealing;

import io.llmaccounting.cli.command.DatabasePlace;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where sealing keys come from: a setting, a file that was named, or a file beside the SQLite file,
 * which is made when it is first needed. Safe for use by many threads.
 */
public final class KeySource {
  private final @Nullable Secret given;
  private final @Nullable Path file;
  private final boolean makesFile;
  private final SecureRandom random;

  private KeySource(
      @Nullable Secret given, @Nullable Path file, boolean makesFile, SecureRandom random) {
    this.given = given;
    this.file = file;
    this.makesFile = makesFile;
    this.random = random;
  }

  /** Where these settings say that the keys are. */
  public static KeySource of(ServerSettings settings, SecureRandom random) {
    if (settings.sealing() != null) {
      return new KeySource(settings.sealing(), null, false, random);
    }
    if (settings.sealingFile() != null) {
      return new KeySource(null, settings.sealingFile(), false, random);
    }
    String place = settings.store().place();
    return DatabasePlace.isPostgres(place)
        ? new KeySource(null, null, false, random)
        : new KeySource(null, Path.of(place + ".sealing-key"), true, random);
  }

  /** The file that holds the keys, or null where there is none. */
  public @Nullable Path file() {
    return file;
  }

  /**
   * The keys as they are now; the file beside a SQLite file is made where it is missing. Only for
   * whoever has nothing sealed that a lost file would open.
   *
   * @throws SealingException if there are none, or they cannot be read
   */
  public SealingKeys keys() {
    Optional<SealingKeys> present = present();
    return present.isPresent() ? present.get() : made(Objects.requireNonNull(file));
  }

  /**
   * The keys as they are now; empty where they would be in a file beside the SQLite file, and there
   * is none.
   *
   * @throws SealingException if there are none elsewhere, or they cannot be read
   */
  public Optional<SealingKeys> present() {
    if (given != null) {
      return Optional.of(SealingKeys.parse(given.reveal()));
    }
    if (file == null) {
      throw new SealingException(
          "credentials in PostgreSQL need a sealing key that all instances share; set"
              + " LLM_ACCOUNTING_SEALING_KEY or sealing.key-file, to what 'openssl rand -base64 32'"
              + " prints");
    }
    try {
      return Optional.of(SealingKeys.parse(Files.readString(file)));
    } catch (NoSuchFileException e) {
      if (!makesFile) {
        throw new SealingException("there is no file " + file + " of the sealing key");
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new SealingException("the file " + file + " of the sealing key cannot be read");
    }
  }

  private SealingKeys made(Path file) {
    SealingKeys keys = SealingKeys.of(SealingKey.random(random));
    try {
      Files.createFile(file, forOwner());
      Files.writeString(file, text(keys), StandardOpenOption.TRUNCATE_EXISTING);
      return keys;
    } catch (FileAlreadyExistsException e) {
      return keys();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts a new key before the others, into the file, in one step.
   *
   * @throws SealingException if the keys are not in a file: whoever set them adds the new one
   */
  public SealingKeys rotate() {
    return write(keys().before(SealingKey.random(random)));
  }

  /** Forgets all but the current key. */
  public SealingKeys forgetFormer() {
    return write(keys().withoutFormer());
  }

  private SealingKeys write(SealingKeys keys) {
    if (file == null) {
      throw new SealingException(
          "the sealing key is not in a file; put a new key before it in the setting, with a comma"
              + " between them, and run this again");
    }
    Path target = file.toAbsolutePath();
    Path next = target.resolveSibling(target.getFileName() + ".new");
    try {
      Files.deleteIfExists(next);
      Files.createFile(next, forOwner());
      Files.writeString(next, text(keys), StandardOpenOption.TRUNCATE_EXISTING);
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(SealingKeys keys) {
    return keys.all().stream().map(key -> key.text() + "\n").collect(Collectors.joining());
  }

  private static FileAttribute<?>[] forOwner() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[] {};
  }
}
