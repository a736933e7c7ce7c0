package io.llmaccounting;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.audit.ChainCheck;
import io.llmaccounting.internal.audit.DenialRecorder;
import io.llmaccounting.internal.audit.DenialTrail;
import io.llmaccounting.internal.audit.Draft;
import io.llmaccounting.internal.audit.EntryRetention;
import io.llmaccounting.internal.audit.EntryWriter;
import io.llmaccounting.internal.audit.ErasedEntries;
import io.llmaccounting.internal.audit.SealKeys;
import io.llmaccounting.internal.audit.StoredTexts;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.settings.CallSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The audit log: what was asked and answered, what happened, and what administrators did. Entries
 * are never changed, except where a person's data is erased from them; they leave only by
 * retention. Safe for use by many threads.
 */
public final class AuditTrail {
  private static final int PAGE = 500;

  private final CallSettings settings;
  private final Failures failures;
  private final Duration timeout;
  private final AuditLog log;
  private final SealKeys keys;
  private final EntryWriter writer;
  private final AdminTrail acts;
  private final DenialRecorder denials;

  AuditTrail(
      AuditSettings parts,
      AuditLog log,
      CallSettings settings,
      Failures failures,
      Duration timeout) {
    this.settings = settings;
    this.failures = failures;
    this.timeout = timeout;
    this.log = log;
    this.keys = parts.keys();
    StoredTexts texts =
        new StoredTexts(
            parts.redactor(),
            parts.textLimit(),
            new StoredTexts.Failing() {
              @Override
              public void failed(RuntimeException failure) {
                failures.contain(Consequence.TEXT_WITHHELD, failure);
              }

              @Override
              public void worked() {
                failures.worked(Consequence.TEXT_WITHHELD);
              }
            });
    this.writer =
        new EntryWriter(log, texts, keys, () -> settings.newId(settings.now()), settings::newSalt);
    this.acts = new AdminTrail(settings, writer, failures);
    this.denials =
        parts.writesDenials()
            ? new DenialTrail(
                writer, settings::now, settings::newId, told(failures), DenialTrail.CLOSING)
            : DenialRecorder.NONE;
  }

  private static DenialTrail.Contained told(Failures failures) {
    return new DenialTrail.Contained() {
      @Override
      public void report(String what, RuntimeException failure) {
        failures.contain(Consequence.DENIALS_NOT_AUDITED, what, failure);
      }

      @Override
      public void worked() {
        failures.worked(Consequence.DENIALS_NOT_AUDITED);
      }

      @Override
      public void brokeOff(RuntimeException failure) {
        failures.brokeOff(failure);
      }
    };
  }

  /** Starts an entry of type {@link AuditEntry#PROMPT}: text sent to a model. */
  public AuditNote prompt(String text) {
    return note(AuditEntry.PROMPT).prompt(text);
  }

  /** Starts an entry of type {@link AuditEntry#RESPONSE}: text that a model answered. */
  public AuditNote response(String text) {
    return note(AuditEntry.RESPONSE).response(text);
  }

  /** Starts an entry of type {@link AuditEntry#EVENT}: something happened. */
  public AuditNote event(String what) {
    return note(AuditEntry.EVENT).outcome(what);
  }

  /** Starts an entry of a type of your own. */
  public AuditNote note(String type) {
    return new AuditNote(settings, this::write, type);
  }

  private UUID write(Draft draft) {
    return failures.guard(Consequence.AUDIT_NOT_WRITTEN, () -> writer.write(draft).id(), draft::id);
  }

  /**
   * Finds the entries that {@code query} selects, newest first, ties by id.
   *
   * @return empty where there are none; never null
   */
  public List<AuditEntry> find(AuditQuery query) {
    return log.find(query);
  }

  /**
   * Walks along every stream and names the first bad place of each: an entry that was altered,
   * removed, moved or put in. Reads every sealed entry, in bounded memory, and changes nothing.
   */
  public AuditVerification verify() {
    return ChainCheck.run(log, keys, List.of());
  }

  /**
   * Verifies as {@link #verify()} does, and that every end that {@code head} names is still there.
   */
  public AuditVerification verify(AuditHead head) {
    return ChainCheck.run(log, keys, head.streams());
  }

  /** Says how far every stream goes now. The head proves something only if it is kept elsewhere. */
  public AuditHead head() {
    List<AuditHead.End> ends = new ArrayList<>();
    AuditStreams which = AuditStreams.all(PAGE);
    for (List<AuditStream> page = log.streams(which);
        !page.isEmpty();
        page = log.streams(which.after(page.get(page.size() - 1)))) {
      for (AuditStream one : page) {
        ends.add(new AuditHead.End(one.stream(), one.last(), one.lastHash(), one.latest()));
      }
    }
    return new AuditHead(settings.now(), ends);
  }

  /**
   * Removes entries older than {@code before}, in bounded batches. The last hash of what is removed
   * stays in a checkpoint, so that the rest is still proven; an administrative entry says how many
   * were removed. An entry of a sealed stream is removed once all entries before it in its stream
   * may be removed too.
   *
   * @return how many entries were removed
   * @throws IllegalStateException if sealed entries are to be removed and this accounting does not
   *     seal
   */
  public long retain(Instant before) {
    long removed =
        new EntryRetention(log, writer, keys, settings::now, settings::newId).run(before);
    if (removed > 0) {
      acts.append(
          "audit entries removed",
          Map.of("before", before.toString(), "removed", Long.toString(removed)));
    }
    return removed;
  }

  /**
   * Waits until the denials so far are written or given up; everything else is written when its
   * method returns.
   *
   * @throws io.llmaccounting.backend.BackendException UNAVAILABLE if that takes longer than the
   *     accounting's timeout
   */
  public void flush() {
    denials.flush(timeout);
  }

  ErasedEntries erasedEntries() {
    return new ErasedEntries(log, writer, keys, settings);
  }

  AdminTrail acts() {
    return acts;
  }

  DenialRecorder denials() {
    return denials;
  }
}
