package io.llmaccounting.directory;

/**
 * Names are enforced, and this project or user is not in the directory or is deactivated. Nothing
 * was written.
 */
public final class UnknownNameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final DirectoryEntry.Kind kind;
  private final String name;

  /** Refuses {@code name}, saying whether it is unknown or deactivated. */
  public UnknownNameException(DirectoryEntry.Kind kind, String name, boolean deactivated) {
    super(
        deactivated
            ? "%s \"%s\" is deactivated; activate it in the directory first"
                .formatted(word(kind), name)
            : "%s \"%s\" is not in the directory; add it first or switch enforced names off"
                .formatted(word(kind), name));
    this.kind = kind;
    this.name = name;
  }

  private static String word(DirectoryEntry.Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Project or user. */
  public DirectoryEntry.Kind kind() {
    return kind;
  }

  /** The refused name. */
  public String name() {
    return name;
  }
}
