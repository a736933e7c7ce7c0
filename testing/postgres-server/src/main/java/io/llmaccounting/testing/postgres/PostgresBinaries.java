package io.llmaccounting.testing.postgres;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The server's programs, unpacked once for each version from the jar on the class path. */
final class PostgresBinaries {
  private PostgresBinaries() {}

  static Path folder() throws IOException {
    byte[] packed;
    try (InputStream archive = archive()) {
      packed = archive.readAllBytes();
    }
    String version = HexFormat.of().toHexDigits(Arrays.hashCode(packed));
    Path folder =
        Path.of(System.getProperty("java.io.tmpdir"), "llm-accounting-postgres-" + version);
    if (!Files.exists(folder)) {
      Path unpacking = Files.createTempDirectory("llm-accounting-postgres");
      Files.setPosixFilePermissions(unpacking, PosixFilePermissions.fromString("rwxr-xr-x"));
      unpack(new ByteArrayInputStream(packed), unpacking);
      moveUnlessThere(unpacking, folder);
    }
    return folder;
  }

  // The profile that tests every version names a jar; else there is one on the class path.
  private static InputStream archive() throws IOException {
    String chosen = System.getProperty("llm.accounting.test.binaries");
    if (chosen == null) {
      return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
          System.getProperty("os.name"), System.getProperty("os.arch"));
    }
    try (JarFile jar = new JarFile(chosen)) {
      JarEntry entry =
          jar.stream()
              .filter(one -> one.getName().endsWith(".txz"))
              .findFirst()
              .orElseThrow(() -> new IOException(chosen + " holds no programs"));
      return new ByteArrayInputStream(jar.getInputStream(entry).readAllBytes());
    }
  }

  private static void moveUnlessThere(Path unpacked, Path folder) throws IOException {
    try {
      Files.move(unpacked, folder);
    } catch (IOException e) {
      if (!Files.exists(folder)) {
        throw e;
      }
    }
  }

  private static void unpack(InputStream packed, Path folder) throws IOException {
    try (TarArchiveInputStream archive =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          unpack(archive, entry, target);
        }
      }
    }
  }

  private static void unpack(InputStream archive, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(archive, target);
    boolean isProgram = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        target, PosixFilePermissions.fromString(isProgram ? "rwxr-xr-x" : "rw-r--r--"));
  }
}
