package io.llmaccounting.server.gateway;

import io.llmaccounting.server.cache.KeptAnswer;
import io.llmaccounting.server.config.Fallback;
import io.llmaccounting.server.config.UpstreamSettings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the upstream of a request, and what stands in for it where it cannot be reached or clearly
 * refuses. Each of them is a call of its own. What may have been worked on is never sent again. On
 * the event loop of the request.
 */
final class Legs {
  private static final Set<Integer> CLEAR_REFUSALS = Set.of(429, 503, 529);

  private final GatewayParts parts;
  private final PassageContext passage;
  private final Asked asked;
  private final Asked.Question question;
  private final List<Fallback> targets = new ArrayList<>();
  private Asked.Question next;
  private Caching caching;
  private int attemptsLeft;

  Legs(GatewayParts parts, PassageContext passage, Asked asked, Asked.Question question) {
    this.parts = parts;
    this.passage = passage;
    this.asked = asked;
    this.question = question;
    this.next = question;
    this.caching = Caching.of(parts.cache(), passage.request(), question);
    UpstreamSettings first = question.route().upstream().settings();
    this.attemptsLeft = Math.max(1, first.attempts());
    targets.add(new Fallback(first.name(), null));
    if (question.metered() != null && question.bytes() != null) {
      targets.addAll(first.fallbacks());
    }
  }

  /** Asks until one answers, and passes that answer on, unless one is kept. */
  Future<Void> run() {
    Optional<KeptAnswer> kept = caching.found();
    return kept.isPresent()
        ? caching.give(kept.get(), passage, question, parts.clock().instant())
        : leg(0);
  }

  private Future<Void> leg(int index) {
    // what stands in answers this request only
    caching = index == 0 ? caching : Caching.OFF;
    Leg leg = new Leg(parts, passage, next, caching);
    return leg.begin()
        .compose(begun -> ask(leg, index))
        .compose(answered -> answered ? passed(leg) : leg(index + 1))
        .onFailure(leg::abandon);
  }

  /** An answer may take long; what was asked is not needed for it. */
  private Future<Void> passed(Leg leg) {
    question.forget();
    next.forget();
    return leg.pass();
  }

  /** Whether there is a further target that the caller may ask; those that it may not are none. */
  private boolean prepare(int index) {
    while (index < targets.size()) {
      Fallback target = targets.get(index);
      try {
        next =
            asked.again(
                question, parts.routes().upstream(target.upstream()).orElseThrow(), target.model());
        return true;
      } catch (RefusedException e) {
        targets.remove(index);
      }
    }
    return false;
  }

  /** Whether the upstream has given the answer that is passed on; else the next one is asked. */
  private Future<Boolean> ask(Leg leg, int index) {
    attemptsLeft--;
    return leg.ask()
        .compose(
            status ->
                CLEAR_REFUSALS.contains(status) && another(index)
                    ? leg.giveUp().map(false)
                    : Future.succeededFuture(true),
            failure -> failed(leg, index, Reason.of(failure)));
  }

  private boolean another(int index) {
    return attemptsLeft > 0 && prepare(index + 1);
  }

  private Future<Boolean> failed(Leg leg, int index, Throwable failure) {
    boolean unsent =
        failure instanceof UpstreamException upstream
            && upstream.isUnsent()
            && !passage.client().isGone();
    if (unsent && another(index)) {
      return leg.fail(failure).map(false);
    }
    if (unsent && attemptsLeft > 0 && question.bytes() != null) {
      return ask(leg, index);
    }
    return leg.fail(failure).compose(recorded -> Future.failedFuture(failure));
  }
}
