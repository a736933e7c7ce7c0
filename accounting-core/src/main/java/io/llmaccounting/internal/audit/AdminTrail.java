package io.llmaccounting.internal.audit;

import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.settings.CallSettings;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leaves an audit entry for every administrative act. The act is in force when the entry is
 * written, so that an entry that fails is no failure of the act: it is contained, whatever the
 * error policy. Safe for use by many threads.
 */
public final class AdminTrail {
  private final CallSettings settings;
  private final EntryWriter writer;
  private final Failures failures;
  private final @Nullable String actor;

  /** Writes by {@code writer}. */
  public AdminTrail(CallSettings settings, EntryWriter writer, Failures failures) {
    this(settings, writer, failures, settings.actor());
  }

  private AdminTrail(
      CallSettings settings, EntryWriter writer, Failures failures, @Nullable String actor) {
    this.settings = settings;
    this.writer = writer;
    this.failures = failures;
    this.actor = actor;
  }

  /** Returns a trail for what {@code actor} does. */
  public AdminTrail by(String actor) {
    return new AdminTrail(settings, writer, failures, actor);
  }

  /**
   * Writes an entry for an act that has been done.
   *
   * @param about names and values that say what it was about
   */
  public void append(String act, Map<String, String> about) {
    Instant now = settings.now();
    try {
      writer.write(Draft.act(settings.newId(now), now, actor, act, about));
      failures.worked(Failures.Consequence.AUDIT_NOT_WRITTEN);
    } catch (RuntimeException e) {
      String what =
          "\"%s\" %s is in force, but its audit entry was not written".formatted(act, about);
      failures.contain(Failures.Consequence.AUDIT_NOT_WRITTEN, what, e);
    }
  }
}
