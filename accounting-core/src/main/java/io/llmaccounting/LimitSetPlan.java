package io.llmaccounting;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.calls.AuditedLimit;
import io.llmaccounting.internal.calls.NameRule;
import io.llmaccounting.internal.calls.SetDecision;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** A set of limits that is about to be applied. Immutable, safe for use by many threads. */
public final class LimitSetPlan {
  private final Parts parts;
  private final LimitSet set;
  private final boolean takesOver;
  private final Consumer<LimitSet> check;

  /** What limits are changed with. */
  record Parts(LimitStore store, CurrentLimits current, NameRule names, AdminTrail trail) {}

  LimitSetPlan(Parts parts, LimitSet set) {
    this(parts, set, false, present -> {});
  }

  private LimitSetPlan(Parts parts, LimitSet set, boolean takesOver, Consumer<LimitSet> check) {
    this.parts = parts;
    this.check = check;
    this.set = Objects.requireNonNull(set, "set is required, was null");
    this.takesOver = takesOver;
  }

  /**
   * Returns a plan that makes limits of the set's names its own where they were made by hand or
   * belong to another set, instead of refusing them. What they have counted stays where their
   * definition keeps it, as for {@link Limits#save}.
   */
  public LimitSetPlan takingOver() {
    return new LimitSetPlan(parts, set, true, check);
  }

  /**
   * Returns a plan that is carried out only where {@code check} accepts the set as it is, which is
   * asked in the same transaction: nobody's change lies between.
   *
   * @param check is given the limits that the set owns, as {@link Limits#ownedBy} has them, and
   *     throws where they are not those that were meant; may be asked several times. What it throws
   *     is thrown, with nothing changed
   */
  public LimitSetPlan onlyIf(Consumer<LimitSet> check) {
    return new LimitSetPlan(parts, set, takesOver, check);
  }

  /**
   * Says what applying would do now, and writes nothing.
   *
   * @throws io.llmaccounting.limit.LimitClashException if limits of the set's names are not its own
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public LimitSetDiff diff() {
    SetDecision decision = new SetDecision(set, takesOver);
    LimitEdit unused = checked(decision, parts.store().load());
    return decision.diff();
  }

  /**
   * Applies the set: all of it or nothing, in one transaction, and nothing where there is nothing
   * to change. Of several processes that apply the same at once, one does; the others find it done.
   * Every change leaves an audit entry that names the set.
   *
   * @return what was done
   * @throws io.llmaccounting.limit.LimitClashException if limits of the set's names are not its own
   * @throws io.llmaccounting.directory.UnknownNameException if names are enforced, and a limit that
   *     is new or changed names one that is unknown
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public LimitSetDiff apply() {
    LimitSetDiff wanted = diff();
    if (wanted.isEmpty()) {
      parts.current().reload();
      return wanted;
    }
    for (LimitChange change : wanted.changes()) {
      if (change.after() != null && change.kind() != LimitChange.Kind.UNCHANGED) {
        parts.names().require(change.after());
      }
    }
    SetDecision decision = new SetDecision(set, takesOver);
    parts.store().change(known -> checked(decision, known), LimitSeed.SEED);
    parts.current().reload();
    LimitSetDiff done = decision.diff();
    done.changes().forEach(change -> audit(change, done));
    return done;
  }

  private LimitEdit checked(SetDecision decision, AllLimits known) {
    check.accept(
        new LimitSet(
            set.name(),
            known.limits().stream()
                .filter(stored -> set.name().equals(stored.set()))
                .map(StoredLimit::limit)
                .sorted(Comparator.comparing(Limit::name))
                .toList()));
    return decision.apply(known);
  }

  private void audit(LimitChange change, LimitSetDiff done) {
    String owner = done.takenOver().get(change.name());
    if (owner == null && change.kind() == LimitChange.Kind.UNCHANGED) {
      return;
    }
    Map<String, String> about = AuditedLimit.of(change);
    about.put("set", set.name());
    if (owner != null) {
      about.put("taken_over_from", owner.isEmpty() ? "(by hand)" : owner);
    }
    parts.trail().append(change.after() == null ? "limit deleted" : "limit saved", about);
  }
}
