package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Puts the context of calls into that of the reactive chain that handles a request, from which it
 * is opened on every thread that the chain runs on.
 */
final class CallContextWebFilter implements WebFilter, Ordered {
  private static final String ANONYMOUS =
      "org.springframework.security.authentication.AnonymousAuthenticationToken";

  private final RequestAttribution attribution;

  CallContextWebFilter(RequestAttribution attribution) {
    this.attribution = attribution;
  }

  @Override
  public int getOrder() {
    return FilterOrder.AFTER_SECURITY;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return exchange
        .getPrincipal()
        .filter(principal -> !isAnonymous(principal))
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .flatMap(principal -> handled(exchange, chain, principal));
  }

  // Spring Security has a token for nobody, if an application wants that
  private static boolean isAnonymous(Principal principal) {
    return principal.getClass().getName().equals(ANONYMOUS);
  }

  private Mono<Void> handled(
      ServerWebExchange exchange, WebFilterChain chain, Optional<Principal> principal) {
    CallContext context =
        whole(CallContext.of(attribution.of(new ReactiveRequest(exchange, principal))));
    return ReactiveCarriage.mono(chain.filter(exchange), context);
  }

  private static CallContext whole(CallContext said) {
    CallContext.Scope scope = said.open();
    try {
      return CallContext.current();
    } finally {
      scope.close();
    }
  }

  /** A request of a reactive server. */
  private record ReactiveRequest(ServerWebExchange exchange, Optional<Principal> principal)
      implements IncomingRequest {
    @Override
    public List<String> header(String name) {
      List<String> values = new ArrayList<>();
      // by this method only is a header read alike in Spring 6 and 7
      exchange
          .getRequest()
          .getHeaders()
          .forEach(
              (header, all) -> {
                if (header.equalsIgnoreCase(name)) {
                  values.addAll(all);
                }
              });
      return values;
    }

    @Override
    public String path() {
      return exchange.getRequest().getPath().value();
    }

    @Override
    public <T> Optional<T> as(Class<T> type) {
      return type.isInstance(exchange) ? Optional.of(type.cast(exchange)) : Optional.empty();
    }
  }
}
