package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import org.jspecify.annotations.Nullable;

/** Makes the failures for stored values that this library cannot have written. */
public final class Damage {
  private Damage() {}

  /** The failure of a value that is {@code what}. */
  public static BackendException of(String what) {
    return of(what, null);
  }

  /** The failure of a value that is {@code what}, and why. */
  public static BackendException of(String what, @Nullable Throwable cause) {
    return new BackendException(
        BackendException.Kind.UNUSABLE, what + "; the store is damaged, restore a backup", cause);
  }
}
