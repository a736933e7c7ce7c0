package io.llmaccounting.genai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.CallHeader;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Opens what a call says of itself around the metering, and takes it out of what is sent. Safe for
 * use by many threads.
 *
 * @param tap whose meter is told of what cannot be read
 */
record SaidByHeader(Tap tap) implements Interceptor {
  /** Where a call is made, the metering keeps the context for the thread that runs it. */
  EventListener create(Call call, EventListener.Factory metering) {
    CallContext.Scope scope = open(call);
    try {
      return metering.create(call);
    } finally {
      scope.close();
    }
  }

  private CallContext.Scope open(Call call) {
    return CallHeader.open(call.request().headers(CallHeader.NAME), tap);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    CallContext.Scope scope = open(chain.call());
    try {
      return chain.proceed(chain.request().newBuilder().removeHeader(CallHeader.NAME).build());
    } finally {
      scope.close();
    }
  }
}
