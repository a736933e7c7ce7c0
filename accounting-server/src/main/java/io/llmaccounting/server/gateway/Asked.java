package io.llmaccounting.server.gateway;

import io.llmaccounting.providers.request.ReadRequest;
import io.llmaccounting.providers.request.RequestReader;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.server.config.Fallback;
import io.llmaccounting.server.owned.ObjectPath;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.RequestEdit;
import io.llmaccounting.server.wire.Wire;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.usage.Attribution;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a request asks, as far as that matters to whether it may. On its event loop. */
final class Asked {
  private static final int LONGEST_ORIGIN = 100;

  private final GatewayParts parts;
  private final PassageContext passage;
  private final Caller caller;
  private final IncomingBody body;

  /**
   * What is asked.
   *
   * @param whole the body as it is sent, if it is whole; else null
   * @param metered the call that it asks for; null where it asks no model
   * @param model the model that it asks for, or null
   * @param hidesUsage whether usage is asked for that the client has not asked for
   * @param tenancy whose what the upstream keeps is; null where nobody shares its credential
   * @param claims whether the answer may be kept by the upstream
   */
  record Question(
      Route route,
      Caller caller,
      IncomingBody body,
      @Nullable Whole whole,
      @Nullable MeteredRequest metered,
      @Nullable String model,
      boolean hidesUsage,
      @Nullable Tenancy tenancy,
      boolean claims) {
    /** The same question of this tenant. */
    Question of(@Nullable Tenancy tenant, boolean keeps) {
      return new Question(route, caller, body, whole, metered, model, hidesUsage, tenant, keeps);
    }

    /** The body as it is sent, if it is whole and not forgotten; else null. */
    @Nullable Buffer bytes() {
      return whole == null ? null : whole.bytes;
    }

    /** It is not asked again: nothing holds its body any more. */
    void forget() {
      body.forget();
      if (whole != null) {
        whole.bytes = null;
      }
    }
  }

  /** A whole body, until it is forgotten. */
  static final class Whole {
    private @Nullable Buffer bytes;

    private Whole(Buffer bytes) {
      this.bytes = bytes;
    }
  }

  Asked(GatewayParts parts, PassageContext passage, Caller caller, IncomingBody body) {
    this.parts = parts;
    this.passage = passage;
    this.caller = caller;
    this.body = body;
  }

  /** Reads the request as one to {@code route}; fails where the caller may not ask that. */
  Future<Question> read(Route route) {
    HttpServerRequest request = passage.request();
    requireOneSpelling(route);
    if (!isOfThread(route)
        && route.upstream().tap().concerns(request.method().name(), target(route))) {
      return body.collect()
          .compose(collected -> tenant(question(route, body.isWhole() ? body.held() : null)));
    }
    UnreadEndpoints.permit(caller, request.method().name(), route.path());
    parts.traffic().unmetered(route.upstream());
    return new References(passage, body)
        .collected()
        .compose(
            read -> {
              Whole whole = body.isWhole() ? new Whole(body.held()) : null;
              return tenant(
                  new Question(route, caller, body, whole, null, null, false, null, false));
            });
  }

  /** What is put into a thread has the path of a call, and asks no model yet. */
  private static boolean isOfThread(Route route) {
    ObjectPath object = route.reading().object();
    return object != null && object.collection().equals("threads");
  }

  /**
   * Lets the question pass where what it refers to is the caller's own: to its upstream, or to one
   * that has stood in for it.
   */
  private Future<Question> tenant(Question question) {
    Future<Question> own = tenantOf(question);
    for (Fallback other : question.route().upstream().settings().fallbacks()) {
      own =
          own.recover(
              refused ->
                  isElsewhere(refused)
                      ? tenantOf(instead(question, other)).recover(again -> failed(refused))
                      : failed(refused));
    }
    return own;
  }

  private static Future<Question> failed(Throwable refused) {
    return Future.failedFuture(refused);
  }

  private static boolean isElsewhere(Throwable refused) {
    return refused instanceof RefusedException why
        && why.refusal().code() == Refusal.Code.NOT_FOUND;
  }

  private Question instead(Question question, Fallback other) {
    Upstream upstream = parts.routes().upstream(other.upstream()).orElseThrow();
    if (question.metered() != null) {
      return again(question, upstream, other.model());
    }
    permit(caller, upstream);
    Route route = question.route();
    return new Question(
        new Route(upstream, route.path(), route.wire(), route.reading()),
        caller,
        body,
        question.whole(),
        null,
        null,
        false,
        null,
        false);
  }

  private Future<Question> tenantOf(Question question) {
    References references = new References(passage, body);
    Set<String> referred;
    boolean keeps;
    try {
      referred = references.found();
      keeps = question.metered() != null && references.mayBeKept(question);
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
    boolean object = question.metered() == null && question.route().reading().object() != null;
    if (referred.isEmpty() && !keeps && !object && !references.isReadOn()) {
      // nearly all requests have to do with nothing that is kept
      return Future.succeededFuture(question);
    }
    return Tenancy.of(parts, caller, question.route(), passage.context())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(question)
                    : found
                        .get()
                        .permit(referred, passage.context())
                        .onSuccess(references::readOn)
                        .map(permitted -> question.of(permitted, keeps)));
  }

  /**
   * The same question to another upstream, or for another model.
   *
   * @throws RefusedException if the caller may not ask that
   */
  Question again(Question question, Upstream other, @Nullable String model) {
    permit(caller, other);
    Buffer bytes = Objects.requireNonNull(question.bytes(), "only what is whole is asked again");
    if (model == null) {
      return question(
              new Route(
                  other,
                  question.route().path(),
                  question.route().wire(),
                  question.route().reading()),
              bytes)
          .of(null, question.claims());
    }
    String path = RequestEdit.modelInPath(question.route().path(), model);
    return question(
            new Route(other, path, question.route().wire()), RequestEdit.model(bytes, model))
        .of(null, question.claims());
  }

  /**
   * Lets the caller ask an upstream.
   *
   * @throws RefusedException if the caller may not
   */
  static void permit(Caller caller, Upstream upstream) {
    if (!caller.providers().test(upstream.settings().provider())
        && !caller.providers().test(upstream.settings().name())) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.PROVIDER_NOT_ALLOWED,
              "this key may not call upstream " + upstream.settings().name()));
    }
  }

  /** A path that some server reads as one where another model is asked is not passed on. */
  private void requireOneSpelling(Route route) {
    if (!route.reading().isPlain() && passage.request().method().name().equalsIgnoreCase("POST")) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.BAD_REQUEST,
              "the path must be written as the provider documents it, was " + route.path()));
    }
  }

  private RequestTarget target(Route route) {
    return route.target(passage.request().headers());
  }

  private Question question(Route route, @Nullable Buffer whole) {
    BodyReading reading =
        new BodyReading(
            RequestReader.create().provider(route.upstream().settings().provider()),
            target(route),
            route.reading().namesModel(),
            passage.request().headers(),
            parts.settings().bodies().inspected());
    ReadRequest read = reading.read(whole == null ? body.held() : whole, whole != null);
    body.readOn(reading);
    Optional<Buffer> asking =
        reading.isPacked() ? Optional.empty() : askingForUsage(route, read, whole);
    return permitted(
        new Question(
            route,
            caller,
            body,
            whole == null ? null : new Whole(asking.orElse(whole)),
            tap(route.upstream()).request(read, origin()).orElse(null),
            read.model(),
            asking.isPresent(),
            null,
            false),
        read.problem());
  }

  private Question permitted(Question question, @Nullable String problem) {
    String model = question.model();
    if (model == null) {
      throw new RefusedException(noModel(question.bytes() != null, problem));
    }
    if (!caller.models().test(model)) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.MODEL_NOT_ALLOWED, "this key may not call model %s".formatted(model)));
    }
    return question;
  }

  /** What nobody could attribute to a model is not passed on: some upstreams choose one. */
  private Refusal noModel(boolean whole, @Nullable String problem) {
    if (whole) {
      return Refusal.of(
          Refusal.Code.BAD_REQUEST,
          problem == null
              ? "\"model\" is missing from the request, or is no text; name the model there"
              : "the request %s; send JSON or a form, plain or by gzip, that names its model"
                  .formatted(problem));
    }
    return Refusal.of(
        Refusal.Code.REQUEST_TOO_LARGE,
        "no model is named in the first %d bytes of the request; name it before what is long, or have the gateway's bodies.inspected raised"
            .formatted(parts.settings().bodies().inspected()));
  }

  /** Has a stream tell its usage whose client has not asked for that. */
  private static Optional<Buffer> askingForUsage(
      Route route, ReadRequest read, @Nullable Buffer whole) {
    if (whole == null
        || route.wire() != Wire.OPENAI_CHAT
        || !read.streamed()
        || read.usageAsked()) {
      return Optional.empty();
    }
    Buffer asking = RequestEdit.askUsage(whole);
    return asking.equals(whole) ? Optional.empty() : Optional.of(asking);
  }

  /** The program that asks, as it names itself. */
  private @Nullable String origin() {
    String agent = passage.request().getHeader("User-Agent");
    if (agent == null) {
      return null;
    }
    String plain = agent.replaceAll("[^\\x20-\\x7E]", "").strip();
    String named = plain.length() <= LONGEST_ORIGIN ? plain : plain.substring(0, LONGEST_ORIGIN);
    return named.isBlank() ? null : named.strip();
  }

  private Tap tap(Upstream upstream) {
    return upstream.tap().attribution(attribution());
  }

  private Attribution attribution() {
    return caller.attribution().orElse(Identity.of(passage.request().headers()));
  }
}
