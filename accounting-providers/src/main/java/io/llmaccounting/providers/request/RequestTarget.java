package io.llmaccounting.providers.request;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: some shapes name the model in the path (Gemini, Bedrock, Azure) or say
 * nowhere else that the answer is streamed, and hosts tell the provider.
 *
 * @param host the host without its port, or null where it is not known
 * @param path the path without the query, percent-encoded as it was sent, or null
 * @param eventStream whether a header asks for an event stream
 */
public record RequestTarget(@Nullable String host, @Nullable String path, boolean eventStream) {
  /**
   * Whether the path is one at which models are asked: known by its end, or by the model that it
   * names. Says nothing of the host.
   */
  public boolean isModelCall() {
    RequestPath known = RequestPath.of(path);
    return known.shape() != RequestShape.UNKNOWN || known.model() != null;
  }

  /** A target of which nothing is known. */
  public static final RequestTarget UNKNOWN = new RequestTarget(null, null, false);

  /** The target that {@code uri} names. */
  public static RequestTarget of(URI uri) {
    return new RequestTarget(uri.getHost(), uri.getRawPath(), false);
  }

  /** A path, or a path with its query, of a host that is not known. */
  public static RequestTarget ofPath(String path) {
    int query = path.indexOf('?');
    return new RequestTarget(null, query < 0 ? path : path.substring(0, query), false);
  }

  /**
   * Returns a copy that knows a header of the request. Only the headers that ask for an event
   * stream matter here: {@code Accept} and {@code X-DashScope-SSE}.
   */
  public RequestTarget header(String name, String value) {
    String lower = value.toLowerCase(Locale.ROOT).strip();
    boolean asks =
        name.equalsIgnoreCase("accept")
            ? lower.startsWith("text/event-stream")
                || lower.startsWith("application/vnd.amazon.eventstream")
            : name.equalsIgnoreCase("x-dashscope-sse") && lower.equals("enable");
    return asks ? new RequestTarget(host, path, true) : this;
  }
}
