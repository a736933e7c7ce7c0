package io.llmaccounting;

import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.calls.AuditedLimit;
import io.llmaccounting.internal.calls.LimitDecision;
import io.llmaccounting.internal.calls.NameRule;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.internal.quota.Standing;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.OwnedLimit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Defines limits. A change made here is in force at once in every process. Thread-safe. */
public final class Limits {
  private final LimitStore store;
  private final Maintenance maintenance;
  private final CurrentLimits current;
  private final NameRule names;
  private final AdminTrail trail;

  Limits(UsageBackend backend, CurrentLimits current, NameRule names, AdminTrail trail) {
    this.store = backend.limits();
    this.maintenance = backend.maintenance();
    this.current = current;
    this.names = names;
    this.trail = trail;
  }

  private Limits(Limits same, AdminTrail trail) {
    this.store = same.store;
    this.maintenance = same.maintenance;
    this.current = same.current;
    this.names = same.names;
    this.trail = trail;
  }

  /**
   * Returns these limits, changed by {@code actor}: audit entries of changes made through what is
   * returned name them, in place of the accounting's own {@link LlmAccountingBuilder#actor actor}.
   *
   * @param actor 1 to 256 characters, like any other name
   */
  public Limits by(String actor) {
    return new Limits(this, trail.by(actor));
  }

  /**
   * Saves a limit under its name, in place of one that has it. A changed maximum, action, threshold
   * or policy keeps what was counted; anything else, and a new limit, counts anew what the records
   * say was used inside its window, and holds what calls under way are expected to consume; a new
   * limit does not count what was purged before. The audit entry shows the limit as it was and as
   * it is. A limit that a set owns stays the set's, which puts it back when it is applied again.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if names are enforced and it names one
   *     that is unknown
   */
  public Limit save(Limit limit) {
    names.require(limit);
    write(limit, "limit saved");
    return limit;
  }

  /**
   * Saves limits as {@link #save} does, all or none, in one transaction: the records are read once,
   * however many limits there are. A name that is given twice is saved as it was given last.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if names are enforced and one names one
   *     that is unknown; none is saved then
   */
  public void saveAll(Collection<Limit> limits) {
    List<Limit> all = List.copyOf(limits);
    if (all.isEmpty()) {
      return;
    }
    all.forEach(names::require);
    Map<String, Limit> known = new HashMap<>();
    list().forEach(limit -> known.put(limit.name(), limit));
    store.saveAll(all, LimitSeed.SEED);
    current.reload();
    for (Limit limit : all) {
      Limit before = known.put(limit.name(), limit);
      trail.append("limit saved", AuditedLimit.of(limit.name(), before, limit));
    }
  }

  private void write(Limit limit, String act) {
    Limit before = find(limit.name()).orElse(null);
    store.save(limit, LimitSeed.SEED);
    current.reload();
    trail.append(act, AuditedLimit.of(limit.name(), before, limit));
  }

  /**
   * Removes a limit.
   *
   * @return false if there is none of that name
   */
  public boolean delete(String name) {
    Limit before = find(name).orElse(null);
    boolean deleted = store.delete(name, LimitSeed.SEED);
    current.reload();
    if (deleted) {
      trail.append("limit deleted", AuditedLimit.of(name, before, null));
    }
    return deleted;
  }

  /**
   * Makes, changes or removes the limit of one name, by what it is when that is written: nobody's
   * change lies between. What was counted stays as for {@link #save}, and a set that owns the limit
   * goes on owning it.
   *
   * @param change is given the limit as it is, empty where there is none, and returns what it is to
   *     be, empty for none; may be asked several times, and what it throws is thrown, with nothing
   *     changed
   * @return what was done; empty where there was no limit and is none
   * @throws IllegalArgumentException if {@code change} returns a limit of another name
   * @throws io.llmaccounting.directory.UnknownNameException if names are enforced and the limit
   *     names one that is unknown
   */
  public Optional<LimitChange> change(
      String name, Function<Optional<OwnedLimit>, Optional<Limit>> change) {
    LimitDecision decision = new LimitDecision(name, change);
    LimitEdit wanted = decision.apply(store.load());
    wanted.saved().forEach(owned -> names.require(owned.limit()));
    if (decision.isChange()) {
      store.change(decision, LimitSeed.SEED);
    }
    current.reload();
    Optional<LimitChange> done = decision.change();
    if (decision.isChange()) {
      done.ifPresent(
          one ->
              trail.append(
                  one.after() == null ? "limit deleted" : "limit saved", AuditedLimit.of(one)));
    }
    return done;
  }

  /**
   * Applies a set of limits that is kept as code, as {@link LimitSetPlan#apply} says: makes what is
   * missing, changes what differs, removes what the set made before and does not have any more, and
   * touches nothing else. Doing so again changes nothing, so that every process may at its start.
   *
   * @return what was done
   * @throws io.llmaccounting.limit.LimitClashException if limits of the set's names are not its own
   */
  public LimitSetDiff apply(LimitSet set) {
    return plan(set).apply();
  }

  /** Plans to apply a set: to look at what that would do, or to take limits over. */
  public LimitSetPlan plan(LimitSet set) {
    return new LimitSetPlan(new LimitSetPlan.Parts(store, current, names, trail), set);
  }

  /** All limits by name, each with the set that owns it. */
  public List<OwnedLimit> owned() {
    return StreamSupport.stream(current.reload().all().spliterator(), false)
        .map(stored -> new OwnedLimit(stored.limit(), stored.set()))
        .sorted(Comparator.comparing(owned -> owned.limit().name()))
        .toList();
  }

  /**
   * All limits as one set, to be written to a file. Applied to an accounting without limits, it
   * makes the same; applied here, it makes them its own, if it {@linkplain LimitSetPlan#takingOver
   * may}.
   *
   * @param name of the set
   */
  public LimitSet asSet(String name) {
    return new LimitSet(name, list());
  }

  /**
   * The limits that the set of this name owns, as it would be written to a file; none where there
   * is no such set. Applied here, it changes nothing.
   */
  public LimitSet ownedBy(String set) {
    return new LimitSet(
        set,
        owned().stream().filter(owned -> set.equals(owned.set())).map(OwnedLimit::limit).toList());
  }

  /** The limit of this name. */
  public Optional<Limit> find(String name) {
    for (StoredLimit stored : current.reload().all()) {
      if (stored.limit().name().equals(name)) {
        return Optional.of(stored.limit());
      }
    }
    return Optional.empty();
  }

  /** All limits, by name. */
  public List<Limit> list() {
    return StreamSupport.stream(current.reload().all().spliterator(), false)
        .map(StoredLimit::limit)
        .sorted(Comparator.comparing(Limit::name))
        .toList();
  }

  /**
   * Says how every counter of every limit stands now, by limit and subject; exemptions have no
   * counters.
   *
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public List<LimitStatus> status() {
    return maintenance.inspect(Standing::of);
  }

  /**
   * Says how every counter of the limit of this name stands now, by subject. The list is empty for
   * an exemption, and where each user or project has a counter and none was used yet.
   *
   * @throws IllegalArgumentException if there is no limit of that name
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public List<LimitStatus> status(String name) {
    if (find(name).isEmpty()) {
      throw new IllegalArgumentException("there is no limit \"" + name + "\"");
    }
    return status().stream().filter(status -> status.limit().name().equals(name)).toList();
  }
}
