package io.llmaccounting.server.rest;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.config.RestSettings;
import io.llmaccounting.server.gateway.Rates;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.docs.DocPages;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.jobs.Jobs;
import io.llmaccounting.server.sinks.SinkStatus;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.RequestPathRules;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The REST interface, beside whatever else listens at the same port. Whoever opens it owns the
 * accounting and closes it after the last request. Safe for use by many threads.
 */
public final class RestInterface {
  private static final int THREADS = 8;
  private static final Set<String> PAGE_METHODS = new TreeSet<>(Set.of("GET", "HEAD"));
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  private final RestSettings settings;
  private final RestParts parts;
  private final DocPages pages;
  private final Origins origins;

  /**
   * What is shown beside what the accounting knows.
   *
   * @param prices those by which the accounting prices calls
   * @param sinks how sinks stand; may not block
   */
  public record Shown(PriceCatalog prices, Supplier<List<SinkStatus>> sinks) {}

  /**
   * Reads the contract.
   *
   * @param rates how often may be asked
   */
  public RestInterface(
      Vertx vertx, LlmAccounting accounting, Shown shown, RestSettings settings, Rates rates) {
    this.settings = settings;
    Contract contract = Contract.load();
    Workers workers = new Workers(vertx, "llm-accounting-rest", THREADS);
    this.parts =
        new RestParts(
            vertx,
            contract,
            new Doorkeeper(accounting, shown.prices(), rates),
            workers,
            new Handlers(contract, workers, new Jobs(vertx), shown.sinks()));
    this.pages = new DocPages(contract);
    this.origins = new Origins(settings.origins());
  }

  /** Answers the request, if it is for this interface. On its event loop. */
  public boolean answers(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    if (!settings.enabled()
        || !(is(path, "/v1/meter")
            || is(path, "/v1/manage")
            || is(path, "/docs")
            || path.equals("/openapi.yaml"))) {
      return false;
    }
    String id = requestId(request);
    HttpServerResponse response = request.response();
    response.putHeader("X-Request-Id", id);
    response.putHeader("X-Content-Type-Options", "nosniff");
    Exchange exchange = new Exchange(parts, request, parts.vertx().getOrCreateContext(), id);
    if (origins.isPreflight(request)) {
      exchange.send(Answer.done());
    } else if (path.startsWith("/v1/")) {
      response.putHeader("Cache-Control", "no-store");
      route(request, path, exchange);
    } else if (!PAGE_METHODS.contains(request.method().name())) {
      notAllowed(exchange, response, PAGE_METHODS);
    } else {
      pages
          .page(path)
          .ifPresentOrElse(
              exchange::send,
              () -> exchange.refuse(Problem.Code.NOT_FOUND, "there is no page " + path));
    }
    return true;
  }

  private static boolean is(String path, String place) {
    return path.startsWith(place)
        && (path.length() == place.length() || path.charAt(place.length()) == '/');
  }

  private void route(HttpServerRequest request, String path, Exchange exchange) {
    Optional<Refusal> unsafe = RequestPathRules.unsafe(path);
    if (unsafe.isPresent()) {
      exchange.refuse(Problem.Code.INVALID_REQUEST, unsafe.get().message());
      return;
    }
    Optional<Contract.Found> found = parts.contract().find(request.method().name(), path);
    if (found.isPresent()) {
      exchange.begin(found.get());
      return;
    }
    Set<String> methods = parts.contract().methods(path);
    if (methods.isEmpty()) {
      exchange.refuse(
          Problem.Code.NOT_FOUND, "there is nothing at this path; /docs shows what there is");
    } else {
      notAllowed(exchange, request.response(), methods);
    }
  }

  private static void notAllowed(
      Exchange exchange, HttpServerResponse response, Set<String> methods) {
    response.putHeader("Allow", String.join(", ", methods));
    exchange.refuse(Problem.Code.METHOD_NOT_ALLOWED, "this path has the methods " + methods);
  }

  private static String requestId(HttpServerRequest request) {
    String given = request.getHeader("X-Request-Id");
    return given != null && REQUEST_ID.matcher(given).matches()
        ? given
        : UUID.randomUUID().toString();
  }
}
