package io.llmaccounting.rules;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of one module that its users see. */
record PublicTypes(List<Class<?>> types) {
  /** Those of the module that {@code anchor} is in, without packages that it keeps to itself. */
  static PublicTypes in(Class<?> anchor) throws IOException {
    Path place = placeOf(anchor);
    if (Files.isDirectory(place)) {
      return below(place, anchor.getClassLoader());
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return below(jar.getPath("/"), anchor.getClassLoader());
    }
  }

  private static Path placeOf(Class<?> anchor) {
    try {
      return Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no place to read " + anchor + " from", e);
    }
  }

  private static PublicTypes below(Path root, ClassLoader loader) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return new PublicTypes(
          files
              .map(file -> root.relativize(file).toString())
              .filter(name -> name.startsWith("io") && name.endsWith(".class"))
              .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
              .map(name -> name.replace('\\', '.'))
              .filter(name -> !name.matches(".*\\.(internal|validation)\\..*|.*-info"))
              .<Class<?>>map(name -> load(name, loader))
              .filter(PublicTypes::isSeen)
              .sorted(Comparator.comparing(Class::getName))
              .toList());
    }
  }

  private static Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name + " is listed but cannot be loaded", e);
    }
  }

  private static boolean isSeen(Class<?> type) {
    boolean open = (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    boolean local = type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic();
    return open && !local && (type.getDeclaringClass() == null || isSeen(type.getDeclaringClass()));
  }

  /** All of them as text, one line a member, in an order that does not depend on the compiler. */
  String describe() {
    return types.stream()
        .map(type -> new TypeSignature(type).lines())
        .collect(Collectors.joining("\n"));
  }
}
