package io.llmaccounting.jakarta;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.tap.internal.PersonName;
import io.llmaccounting.usage.Attribution;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link CallContext} around each request, so that what is metered inside, on its thread,
 * is attributed to whoever sent it. What is asked, in this order: a {@link LlmCaller} bean, or the
 * function that the filter was made with; the principal's name, as the user; headers, if the
 * filter's parameters name them.
 *
 * <p>Headers are off unless they are named: a client can write whatever it likes into them. Name
 * them only behind a gateway that sets them itself. The parameters are {@code projectHeader},
 * {@code userHeader}, {@code callerHeader} and {@code sessionHeader}, each the name of a header.
 * What is too long to be a name is taken as not given.
 */
public final class CallContextFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Inject transient @Nullable Instance<LlmCaller> callers;

  private final transient Function<? super HttpServletRequest, Attribution> caller;

  /** Asks the bean, the principal and the headers. */
  public CallContextFilter() {
    this(request -> Attribution.NONE);
  }

  /** Asks {@code caller} first, and takes what it leaves open from the others. */
  public CallContextFilter(Function<? super HttpServletRequest, Attribution> caller) {
    this.caller = caller;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    CallContext.Scope scope = CallContext.of(attribution(request)).open();
    try {
      chain.doFilter(request, response);
    } finally {
      scope.close();
    }
  }

  private Attribution attribution(HttpServletRequest request) {
    return caller
        .apply(request)
        .orElse(CallerBean.ask(callers))
        .orElse(Attribution.NONE.withUser(principal(request)))
        .orElse(
            Attribution.NONE
                .withProject(header(request, "projectHeader"))
                .withUser(header(request, "userHeader"))
                .withCaller(header(request, "callerHeader"))
                .withSession(header(request, "sessionHeader")));
  }

  private static @Nullable String principal(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    return principal == null ? null : PersonName.of(principal.getName());
  }

  private @Nullable String header(HttpServletRequest request, String parameter) {
    String header = getFilterConfig() == null ? null : getInitParameter(parameter);
    return header == null ? null : name(request.getHeader(header));
  }

  private static @Nullable String name(@Nullable String text) {
    return text == null ? null : StorableName.orNull(text.strip());
  }
}
