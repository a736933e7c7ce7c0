package io.llmaccounting.server.rest.quota;

import io.llmaccounting.json.AmountText;
import io.llmaccounting.json.DecisionLine;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.server.rest.reach.QuotaReach;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What limits say of a call, as clients ask it: may it be made, and if not, which limit refuses it,
 * how it stands, and when it has room again. Limits that count others' usage too are told to nobody
 * who is confined to a project.
 */
public final class Verdict {
  private static final String BEYOND = "a limit beyond the key's project has no room";

  private final Decision decision;
  private final QuotaReach reach;
  private final List<LimitStatus> watching;

  /** What {@code decision} says to whoever has this reach. */
  public Verdict(Decision decision, QuotaReach reach) {
    this.decision = decision;
    this.reach = reach;
    this.watching = List.of();
  }

  /**
   * What {@code decision} says, beside all limits that watch the call.
   *
   * @param watching how they stand, those that the caller may see
   */
  public Verdict(Decision decision, QuotaReach reach, List<LimitStatus> watching) {
    this.decision = decision;
    this.reach = reach;
    this.watching = List.copyOf(watching);
  }

  /** Writes the fields into an object that is open. */
  public void write(JsonWriter to) throws IOException {
    to.flag("allowed", decision.isAdmitted());
    if (decision instanceof Decision.Denied denied) {
      write(to, denied);
    } else if (decision instanceof Decision.Admitted admitted) {
      List<LimitStatus> limits = admitted.limits().stream().filter(reach::sees).toList();
      to.text("message", "the call may be made");
      if (!limits.isEmpty()) {
        write(to, limits.get(0));
        list(to, limits);
      }
    }
    Optional<Decision> visible = visible();
    if (visible.isPresent()) {
      to.name("decision");
      DecisionLine.write(to, visible.get());
    }
  }

  private void write(JsonWriter to, Decision.Denied denied) throws IOException {
    Exceeded first = denied.primary();
    boolean seen = reach.sees(first.status());
    Instant fits = denied.fitsAt().orElse(null);
    to.text("message", seen ? first.toString() : BEYOND)
        .word("reason", first.reason())
        .time("fits_at", fits)
        .number("retry_after", denied.retryAfterSeconds().orElse(null));
    List<LimitStatus> limits =
        denied.exceeded().stream().map(Exceeded::status).filter(reach::sees).toList();
    if (!limits.isEmpty()) {
      write(to, limits.get(0));
    }
    List<LimitStatus> all = new ArrayList<>(limits);
    watching.stream().filter(one -> limits.stream().noneMatch(isSame(one))).forEach(all::add);
    if (!all.isEmpty()) {
      list(to, all);
    }
  }

  private static Predicate<LimitStatus> isSame(LimitStatus one) {
    return other ->
        other.limit().name().equals(one.limit().name()) && other.subject().equals(one.subject());
  }

  private static void list(JsonWriter to, List<LimitStatus> limits) throws IOException {
    to.beginList("limits");
    for (LimitStatus status : limits) {
      to.beginObject();
      write(to, status);
      to.endObject();
    }
    to.endList();
  }

  /** Writes how a counter stands into an object that is open. */
  public static void write(JsonWriter to, LimitStatus status) throws IOException {
    var limit = status.limit();
    to.text("limit", limit.name())
        .text("subject", status.subject().isEmpty() ? null : status.subject())
        .word("metric", limit.metric())
        .text("window", limit.window());
    if (!limit.isExemption()) {
      to.text("maximum", AmountText.of(limit.metric(), limit.maximum()))
          .text("remaining", AmountText.of(limit.metric(), status.remaining().units()));
    }
    to.text("used", AmountText.of(limit.metric(), status.used()))
        .text("held", AmountText.of(limit.metric(), status.held()))
        .time("resets_at", status.resetsAt().orElse(null));
  }

  /** The decision with nothing in it that the caller may not see; empty where nothing is left. */
  private Optional<Decision> visible() {
    if (decision instanceof Decision.Denied denied) {
      List<Exceeded> own = own(denied.exceeded());
      return own.isEmpty() ? Optional.empty() : Optional.of(new Decision.Denied(own, denied.at()));
    }
    Decision.Admitted admitted = (Decision.Admitted) decision;
    return Optional.of(
        new Decision.Admitted(
            admitted.limits().stream().filter(reach::sees).toList(), own(admitted.warnings())));
  }

  private List<Exceeded> own(List<Exceeded> all) {
    return all.stream().filter(one -> reach.sees(one.status())).toList();
  }
}
