package io.llmaccounting.server.rest.reach;

/** A key that is confined to a project was to reach another. */
public final class OtherProjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String project;

  OtherProjectException(String field, String project) {
    super(
        "%s must be left out or be \"%s\", the key's own; was another".formatted(field, project),
        null,
        false,
        false);
    this.field = field;
    this.project = project;
  }

  /** What named the other project. */
  public String field() {
    return field;
  }

  /** The key's own project. */
  public String project() {
    return project;
  }
}
