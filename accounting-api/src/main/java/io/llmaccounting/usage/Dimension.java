package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import org.jspecify.annotations.Nullable;

/**
 * Something that usage can be told apart by: in limits, filters and the rows of a report.
 *
 * @param kind which property of a record
 * @param tagName the tag's name for {@link Kind#TAG}, else null
 */
public record Dimension(Kind kind, @Nullable String tagName) implements Comparable<Dimension> {
  private static final String TAG_PREFIX = "tag:";

  /** The model that was asked for. */
  public static final Dimension MODEL = new Dimension(Kind.MODEL, null);

  /** The provider. */
  public static final Dimension PROVIDER = new Dimension(Kind.PROVIDER, null);

  /** The project. */
  public static final Dimension PROJECT = new Dimension(Kind.PROJECT, null);

  /** The user. */
  public static final Dimension USER = new Dimension(Kind.USER, null);

  /** The application or feature that calls. */
  public static final Dimension CALLER = new Dimension(Kind.CALLER, null);

  /** The session. */
  public static final Dimension SESSION = new Dimension(Kind.SESSION, null);

  /** The model that answered. */
  public static final Dimension RESPONSE_MODEL = new Dimension(Kind.RESPONSE_MODEL, null);

  /** The operation. */
  public static final Dimension OPERATION = new Dimension(Kind.OPERATION, null);

  /** The outcome, by the name of its constant. */
  public static final Dimension OUTCOME = new Dimension(Kind.OUTCOME, null);

  /** Where the tokens come from, by the name of the constant. */
  public static final Dimension SOURCE = new Dimension(Kind.SOURCE, null);

  /** The kinds of dimension. */
  public enum Kind {
    /** The model that was asked for. */
    MODEL,
    /** The provider. */
    PROVIDER,
    /** The project. */
    PROJECT,
    /** The user. */
    USER,
    /** The application or feature that calls. */
    CALLER,
    /** The session. */
    SESSION,
    /** One tag. */
    TAG,
    /** The model that answered. */
    RESPONSE_MODEL,
    /** The operation. */
    OPERATION,
    /** The outcome. */
    OUTCOME,
    /** The source of the tokens. */
    SOURCE
  }

  /** Checks that a tag has a name and nothing else has. */
  public Dimension {
    if ((kind == Kind.TAG) != (tagName != null)) {
      throw new IllegalArgumentException(
          "tagName must be given exactly for TAG, was %s for %s".formatted(tagName, kind));
    }
    Check.optionalName("tagName", tagName);
  }

  /**
   * Reads what {@link #toString} writes, in whatever case; the name of a tag is taken as it is.
   *
   * @throws IllegalArgumentException if {@code text} names no dimension
   */
  public static Dimension parse(String text) {
    if (text.regionMatches(true, 0, TAG_PREFIX, 0, TAG_PREFIX.length())) {
      return tag(text.substring(TAG_PREFIX.length()));
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.TAG && kind.name().equalsIgnoreCase(text)) {
        return new Dimension(kind, null);
      }
    }
    throw new IllegalArgumentException("\"%s\" names no dimension".formatted(text));
  }

  /** The tag of this name. */
  public static Dimension tag(String name) {
    return new Dimension(Kind.TAG, name);
  }

  /** True if limits can watch it: it is known before the call is made. */
  public boolean isKnownBeforeTheCall() {
    return kind.compareTo(Kind.TAG) <= 0;
  }

  /** The value that {@code usage} has here, null where it has none. */
  public @Nullable String of(Usage usage) {
    return switch (kind) {
      case RESPONSE_MODEL -> usage.responseModel();
      case OPERATION -> usage.operation();
      case OUTCOME -> usage.outcome().name();
      case SOURCE -> usage.source().name();
      default -> of(usage.model(), usage.provider(), usage.attribution());
    };
  }

  /**
   * The value that a call has here before it is made, null where it has none.
   *
   * @throws IllegalStateException for a dimension that is only known afterwards
   */
  public @Nullable String of(String model, @Nullable String provider, Attribution attribution) {
    return switch (kind) {
      case MODEL -> model;
      case PROVIDER -> provider;
      case PROJECT -> attribution.project();
      case USER -> attribution.user();
      case CALLER -> attribution.caller();
      case SESSION -> attribution.session();
      case TAG -> tagName == null ? null : attribution.tags().get(tagName);
      default -> throw new IllegalStateException(kind + " is not known before the call");
    };
  }

  /** By kind, then by the tag's name. */
  @Override
  public int compareTo(Dimension other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 || tagName == null || other.tagName == null
        ? byKind
        : tagName.compareTo(other.tagName);
  }

  /** The kind in lower case, for a tag {@code tag:name}. */
  @Override
  public String toString() {
    return tagName == null ? kind.name().toLowerCase(java.util.Locale.ROOT) : TAG_PREFIX + tagName;
  }
}
