package io.llmaccounting.tap;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.providers.request.ReadRequest;
import io.llmaccounting.providers.request.RequestReader;
import io.llmaccounting.providers.request.RequestStream;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.usage.Attribution;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Meters what passes through an adapter. Immutable: each method that sets something returns a copy.
 * Safe for use by many threads; one for each client that is adapted.
 *
 * <p>A failure of the tap's own never breaks the application's call where the meter contains
 * failures (error policy CONTINUE): the call passes on, what is known of it is recorded, and {@link
 * CallMeter#adapterFailed} counts it. Under FAIL it is thrown, after the call was recorded. What
 * {@link CallMeter#begin} throws, above all a denial, is always thrown.
 */
public final class Tap {
  private final Settings settings;

  /**
   * What is set.
   *
   * @param provider OpenTelemetry's name of the provider, whatever the host is; null to tell it by
   *     host, path and shape
   * @param attribution who calls where neither the call nor its context says so
   * @param targets where models are asked
   * @param stops whether a stream that outgrows its limits is stopped
   */
  record Settings(
      CallMeter meter,
      @Nullable String provider,
      Attribution attribution,
      Predicate<RequestTarget> targets,
      boolean stops) {
    RequestReader requests() {
      RequestReader reader = RequestReader.create();
      return provider == null ? reader : reader.provider(provider);
    }

    UsageReader answers(ReadRequest request) {
      UsageReader reader = UsageReader.of(request.shape().answer());
      return provider == null ? reader : reader.provider(provider);
    }
  }

  private Tap(Settings settings) {
    this.settings = settings;
  }

  /**
   * Meters by {@code meter} what is sent to paths at which models are asked, and stops streams for
   * which a limit has no more room.
   */
  public static Tap of(CallMeter meter) {
    Objects.requireNonNull(meter, "meter is required, was null");
    return new Tap(new Settings(meter, null, Attribution.NONE, RequestTarget::isModelCall, true));
  }

  /**
   * Names the provider of all calls, whatever their host: for gateways and self-hosted models.
   *
   * @param provider OpenTelemetry's name, for instance {@code mistral_ai}
   * @throws IllegalArgumentException if it is blank, has blanks around it, or exceeds 255 bytes
   */
  public Tap provider(String provider) {
    UsageReader unused = UsageReader.create().provider(provider);
    return new Tap(
        new Settings(
            settings.meter, provider, settings.attribution, settings.targets, settings.stops));
  }

  /** Says who calls, for what the {@link CallContext} leaves open. */
  public Tap attribution(Attribution attribution) {
    Objects.requireNonNull(attribution, "attribution is required, was null");
    return new Tap(
        new Settings(
            settings.meter, settings.provider, attribution, settings.targets, settings.stops));
  }

  /**
   * Meters requests to these targets only, instead of all that {@link RequestTarget#isModelCall}. A
   * request that names no model, in its path or its body, is not metered in any case.
   */
  public Tap targets(Predicate<RequestTarget> targets) {
    Objects.requireNonNull(targets, "targets is required, was null");
    return new Tap(
        new Settings(
            settings.meter, settings.provider, settings.attribution, targets, settings.stops));
  }

  /**
   * Lets streams go on that outgrow their limits; what they consume is booked all the same. Without
   * this the stream fails with the denial, and is recorded as cancelled with what had come.
   */
  public Tap withoutStopping() {
    return new Tap(
        new Settings(
            settings.meter, settings.provider, settings.attribution, settings.targets, false));
  }

  /** The meter that it was made of. */
  public CallMeter meter() {
    return settings.meter;
  }

  /**
   * Whether a request may have to be metered, so that it is worth reading its body: the target is
   * one of those that are metered, and the {@link CallContext} is not unmetered.
   *
   * @param method the HTTP method; models are asked by POST only
   */
  public boolean concerns(String method, RequestTarget target) {
    try {
      return method.equalsIgnoreCase("POST")
          && CallContext.current().isMetered()
          && settings.targets.test(target);
    } catch (RuntimeException e) {
      settings.meter.adapterFailed(e);
      return false;
    }
  }

  /**
   * Reads a request that an HTTP client is about to send. The context of this thread says who calls
   * and what is metered further out.
   *
   * @param body its bytes, as they are or packed by gzip; their positions are not moved
   * @return empty if it is not metered: the context is unmetered, no model is named, or tokens are
   *     only counted
   */
  public Optional<MeteredRequest> request(RequestTarget target, List<ByteBuffer> body) {
    try {
      RequestStream stream = settings.requests().stream(target);
      if (Unpacked.isPacked(body)) {
        unpack(body, stream);
      } else {
        body.forEach(piece -> stream.feed(piece.duplicate()));
      }
      return request(stream.finish());
    } catch (UnreadableBytes | RuntimeException e) {
      settings.meter.adapterFailed(e);
      return Optional.empty();
    }
  }

  private static void unpack(List<ByteBuffer> body, RequestStream stream) throws UnreadableBytes {
    Unpacked packed = new Unpacked(stream::feed);
    try {
      for (ByteBuffer piece : body) {
        byte[] bytes = new byte[piece.remaining()];
        piece.duplicate().get(bytes);
        packed.take(bytes, 0, bytes.length);
      }
    } finally {
      packed.close();
    }
  }

  /** Reads a request of which an adapter has all bytes, as {@link #request} does. */
  public Optional<MeteredRequest> request(RequestTarget target, byte[] body) {
    return request(target, List.of(ByteBuffer.wrap(body)));
  }

  /** Takes a request that was read already. */
  public Optional<MeteredRequest> request(ReadRequest read) {
    return request(read, null);
  }

  /**
   * Takes a request that was read already, and that another program has sent.
   *
   * @param origin the program as it names itself, for the record; null if it is not known
   */
  public Optional<MeteredRequest> request(ReadRequest read, @Nullable String origin) {
    return "count_tokens".equals(read.operation()) || !CallContext.current().isMetered()
        ? Optional.empty()
        : read.toCallRequest()
            .map(call -> call.asked(call.asked().withOrigin(origin)))
            .map(call -> new MeteredRequest(settings, read, attributed(call)));
  }

  /**
   * Takes a call of which an adapter knows all that matters without reading bytes. Its answer is
   * told by {@link Exchange#answered} or read from JSON, of whichever shape.
   *
   * @param streamed whether its answer is streamed
   * @return empty if the context is unmetered
   */
  public Optional<MeteredRequest> request(CallRequest call, boolean streamed) {
    return CallContext.current().isMetered()
        ? Optional.of(new MeteredRequest(settings, streamed, attributed(ofProvider(call))))
        : Optional.empty();
  }

  private CallRequest ofProvider(CallRequest call) {
    return settings.provider == null ? call : call.provider(settings.provider);
  }

  /** What the call says itself comes first, then its context, then the tap's own. */
  private CallRequest attributed(CallRequest call) {
    Attribution own = call.attribution().orElse(CallContext.current().attribution());
    return call.attribution(own.orElse(settings.attribution));
  }
}
