package io.llmaccounting.server.rest;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.gateway.Rates;
import io.llmaccounting.server.gateway.RefusedException;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import io.llmaccounting.server.rest.reach.Reach;
import io.llmaccounting.server.wire.Credentials;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets in who may ask what they ask. Never blocks; safe for use by many threads. */
final class Doorkeeper {
  private final LlmAccounting accounting;
  private final PriceCatalog prices;
  private final Rates rates;

  Doorkeeper(LlmAccounting accounting, PriceCatalog prices, Rates rates) {
    this.accounting = accounting;
    this.prices = prices;
    this.rates = rates;
  }

  /** What the caller reaches. The stage fails with a problem where they may not ask this. */
  CompletionStage<Reach> enter(HttpServerRequest request, Operation operation) {
    taken(() -> rates.take(request.remoteAddress()));
    if (operation.roles().isEmpty()) {
      return CompletableFuture.completedFuture(new Reach(accounting, prices, null));
    }
    // keys in addresses would be in logs
    Credentials.Found found = Credentials.find(request.headers(), null);
    if (found.ambiguous()) {
      throw noKey("two keys were sent that differ; send one, as Authorization: Bearer KEY");
    }
    Secret secret = found.key();
    if (secret == null) {
      throw noKey("no key was sent; send one as Authorization: Bearer KEY");
    }
    return accounting
        .access()
        .resolveAsync(secret.reveal())
        .thenApply(resolution -> reach(resolution, operation));
  }

  private Reach reach(Resolution resolution, Operation operation) {
    if (!(resolution instanceof Resolution.Valid valid)) {
      throw noKey(
          resolution instanceof Resolution.Revoked
              ? "this key was revoked; ask for another one"
              : resolution instanceof Resolution.Expired
                  ? "this key has expired; ask for another one"
                  : "this key is not known");
    }
    AccessKey key = valid.key();
    taken(() -> rates.take(key.id().toString()));
    if (operation.roles().stream().noneMatch(key::has)) {
      throw new ProblemException(
          Problem.Code.MISSING_ROLE,
          "this needs a key with one of the roles %s, this one has %s"
              .formatted(words(operation.roles()), words(key.terms().roles())));
    }
    Reach reach = new Reach(accounting, prices, key);
    if (reach.isConfined() && !operation.forProjects()) {
      throw new ProblemException(
          Problem.Code.OTHER_PROJECT,
          "this concerns all projects, and the key is confined to one; use a key without a project");
    }
    return reach;
  }

  private static Set<String> words(Iterable<AccessRole> roles) {
    TreeSet<String> words = new TreeSet<>();
    roles.forEach(role -> words.add(role.name().toLowerCase(java.util.Locale.ROOT)));
    return words;
  }

  private static void taken(Runnable take) {
    try {
      take.run();
    } catch (RefusedException e) {
      throw new ProblemException(
          Problem.of(Problem.Code.TOO_MANY_REQUESTS, e.refusal().message())
              .retryAfter(
                  Objects.requireNonNullElse(e.refusal().retryAfter(), Duration.ofSeconds(1))));
    }
  }

  private static ProblemException noKey(String detail) {
    return new ProblemException(
        Problem.of(Problem.Code.NO_KEY, detail).header("WWW-Authenticate", "Bearer"));
  }
}
