package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Opens the context of calls around a request, on every thread that the server handles it on, and
 * answers denials that nobody below has answered.
 */
final class CallContextFilter extends OncePerRequestFilter {
  private final RequestAttribution attribution;
  private final ServletRefusals refusals;

  CallContextFilter(RequestAttribution attribution, ServletRefusals refusals) {
    this.attribution = attribution;
    this.refusals = refusals;
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      CallContext.Scope scope = CallContext.of(attribution.of(new ServletRequest(request))).open();
      try {
        chain.doFilter(request, response);
      } finally {
        scope.close();
      }
    } catch (ServletException | RuntimeException e) {
      if (!refusals.answer(e, response)) {
        throw e;
      }
    }
  }

  /** A request of a servlet's server. */
  private record ServletRequest(HttpServletRequest request) implements IncomingRequest {
    @Override
    public Optional<Principal> principal() {
      return Optional.ofNullable(request.getUserPrincipal());
    }

    @Override
    public List<String> header(String name) {
      return Collections.list(request.getHeaders(name));
    }

    @Override
    public String path() {
      return request.getRequestURI();
    }

    @Override
    public <T> Optional<T> as(Class<T> type) {
      return type.isInstance(request) ? Optional.of(type.cast(request)) : Optional.empty();
    }
  }
}
