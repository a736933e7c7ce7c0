package io.llmaccounting.backend;

/** Thrown where a sink is named that is not open. */
public final class UnknownSinkException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String sink;

  /** A sink of this name is not open. */
  public UnknownSinkException(String sink) {
    super(
        "sink \"%s\" is not open; open it by running it, or ask for the names of those that are"
            .formatted(sink));
    this.sink = sink;
  }

  /** The name that was asked for. */
  public String sink() {
    return sink;
  }
}
