package io.llmaccounting.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/**
 * What a command did.
 *
 * @param exit its code
 * @param out what it printed
 * @param err its errors, notes and progress
 */
public record Ran(int exit, String out, String err) {

  /** The same, having ended with this code. */
  public Ran exits(int code) {
    assertThat(exit).as("exit code; out: %s; err: %s", out, err).isEqualTo(code);
    return this;
  }

  /** The same, having said this on standard error. */
  public Ran says(String... parts) {
    assertThat(err).contains(parts);
    return this;
  }

  /** The lines that were printed. */
  public List<String> lines() {
    return out.lines().toList();
  }

  /** The one object that was printed. */
  @SuppressWarnings("unchecked")
  public Map<String, Object> object() {
    return (Map<String, Object>) Json.parse(out);
  }

  /** The objects of the array that was printed. */
  @SuppressWarnings("unchecked")
  public List<Map<String, Object>> objects() {
    return (List<Map<String, Object>>) Json.parse(out);
  }
}
