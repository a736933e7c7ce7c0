package io.llmaccounting.cli.console;

import org.jspecify.annotations.Nullable;

/**
 * A value that people see otherwise than programs do.
 *
 * @param value what programs get
 * @param text what people read; null for what they would read of the value
 * @param tone the colour of it
 */
public record Shown(@Nullable Object value, @Nullable String text, Tone tone) {

  /** A value that people read in other words. */
  public static Shown as(@Nullable Object value, @Nullable String text) {
    return new Shown(value, text, Tone.PLAIN);
  }

  /** A value in a tone; one that has other words keeps them. */
  public static Shown in(Tone tone, @Nullable Object value) {
    return value instanceof Shown shown
        ? new Shown(shown.value, shown.text, tone)
        : new Shown(value, null, tone);
  }

  static @Nullable Object value(@Nullable Object given) {
    return given instanceof Shown shown ? shown.value : given;
  }

  static Tone tone(@Nullable Object given) {
    return given instanceof Shown shown ? shown.tone : Tone.PLAIN;
  }
}
