package io.llmaccounting.server.config;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the REST interface is.
 *
 * @param enabled whether there is one
 * @param origins web pages that may ask it from browsers
 */
public record RestSettings(boolean enabled, Set<String> origins) {
  /** There is one, and no web page may ask it from browsers. */
  public static final RestSettings DEFAULTS = new RestSettings(true, Set.of());

  private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9.\\[\\]:-]+");

  /** Copies the origins. */
  public RestSettings {
    origins = Set.copyOf(origins);
  }

  static boolean isOrigin(String text) {
    return ORIGIN.matcher(text).matches();
  }
}
