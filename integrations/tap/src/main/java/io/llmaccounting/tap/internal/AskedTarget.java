package io.llmaccounting.tap.internal;

import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.Tap;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Where a request of an SDK goes. */
public final class AskedTarget {
  private AskedTarget() {}

  /**
   * The target of a request that may have to be metered, in the context of this thread.
   *
   * @param accept the values of the header of that name
   * @return empty if the request passes unmetered
   */
  public static Optional<RequestTarget> of(
      Tap tap, String method, String url, List<String> accept) {
    try {
      RequestTarget target = RequestTarget.of(URI.create(url));
      for (String value : accept) {
        target = target.header("accept", value);
      }
      return tap.concerns(method, target) ? Optional.of(target) : Optional.empty();
    } catch (RuntimeException e) {
      tap.meter().adapterFailed(e);
      return Optional.empty();
    }
  }
}
