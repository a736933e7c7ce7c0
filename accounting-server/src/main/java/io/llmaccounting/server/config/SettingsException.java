package io.llmaccounting.server.config;

import java.util.List;

/** The settings are wrong; nothing was started. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** Refuses settings for all of these reasons, of which there is one at least. */
  public SettingsException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Each fault: where it is, the value, what would be right. */
  public List<String> problems() {
    return problems;
  }
}
