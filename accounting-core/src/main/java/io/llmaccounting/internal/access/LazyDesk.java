package io.llmaccounting.internal.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes the desk for keys once somebody asks for it: most accountings need none, and not every
 * backend keeps keys. Safe for use by many threads.
 */
public final class LazyDesk {
  private final AccessDesk.Parts parts;
  private @Nullable AccessDesk desk;

  /** A desk of these parts. */
  public LazyDesk(AccessDesk.Parts parts) {
    this.parts = parts;
  }

  /**
   * The desk.
   *
   * @throws UnsupportedOperationException if the backend keeps no keys
   */
  public synchronized AccessDesk desk() {
    if (desk == null) {
      desk = new AccessDesk(parts);
    }
    return desk;
  }

  /** Writes when keys were last used, waiting at most so long. */
  public void close(Duration most) {
    AccessDesk known = known();
    if (known != null) {
      known.close(most);
    }
  }

  private synchronized @Nullable AccessDesk known() {
    return desk;
  }
}
