package io.llmaccounting.http;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Tap;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Clients of OkHttp that meter calls of models; what else is sent passes untouched.
 *
 * <p>Outside of all interceptors that the client has: what they repeat is one call, and each
 * request on the wire an attempt of it. Who calls is in the {@link CallContext} of the thread that
 * makes the {@link Call}: set listeners of events before the metering, which needs them to know of
 * it. A denial is thrown by {@code execute} as {@link
 * io.llmaccounting.limit.QuotaExceededException}, on the thread that made the call. On any other it
 * is the cause of an {@link java.io.IOException}, as for a callback that was enqueued, because an
 * interceptor that throws anything else ends a thread of the dispatcher. One that stops a stream is
 * thrown by whoever reads the body.
 */
public final class MeteredOkHttp {
  /**
   * Where a call was made.
   *
   * @param context the context there
   * @param thread the thread
   */
  record Origin(CallContext context, Thread thread) {}

  /** Where the calls of a client were made. For many threads. */
  static final class Origins {
    // a call is forgotten with itself: an interceptor further out may let it proceed again
    private final Map<Call, Origin> made = Collections.synchronizedMap(new WeakHashMap<>());

    void made(Call call) {
      made.put(call, new Origin(CallContext.current(), Thread.currentThread()));
    }

    @Nullable Origin of(Call call) {
      return made.get(call);
    }
  }

  private MeteredOkHttp() {}

  /** A client like {@code client} that meters by {@code meter}; both share their connections. */
  public static OkHttpClient of(OkHttpClient client, CallMeter meter) {
    return of(client, Tap.of(meter));
  }

  /** A client like {@code client} that meters as {@code tap} says; both share their connections. */
  public static OkHttpClient of(OkHttpClient client, Tap tap) {
    Origins origins = new Origins();
    EventListener.Factory listeners = client.eventListenerFactory();
    OkHttpClient.Builder builder = client.newBuilder();
    builder.interceptors().add(0, new OkHttpTap(tap, origins));
    builder.networkInterceptors().add(OkHttpTap::countAttempt);
    return builder
        .eventListenerFactory(
            call -> {
              origins.made(call);
              return listeners.create(call);
            })
        .build();
  }
}
