package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import java.security.Principal;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ReactiveWebTest extends WebContract {
  @Override
  WebApplicationType type() {
    return WebApplicationType.REACTIVE;
  }

  @Override
  Class<?> security() {
    return Security.class;
  }

  @Configuration(proxyBeanMethods = false)
  static class Security {
    @Bean
    @Order(-100)
    WebFilter security() {
      return (exchange, chain) -> chain.filter(new Authenticated(exchange));
    }
  }

  @Override
  Class<?> early() {
    return Early.class;
  }

  @Configuration(proxyBeanMethods = false)
  static class Early {
    @Bean
    @Order(-200)
    WebFilter early(LlmAccounting accounting) {
      return (exchange, chain) ->
          exchange.getRequest().getHeaders().getFirst("Test-Early") == null
              ? chain.filter(exchange)
              : Mono.fromRunnable(() -> askEarly(accounting))
                  .subscribeOn(Schedulers.boundedElastic())
                  .then(chain.filter(exchange));
    }
  }

  private static final class Authenticated extends ServerWebExchangeDecorator {
    Authenticated(ServerWebExchange exchange) {
      super(exchange);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends Principal> Mono<T> getPrincipal() {
      String name = getRequest().getHeaders().getFirst("Test-Principal");
      if ("nobody".equals(name)) {
        return Mono.just(
            (T)
                new AnonymousAuthenticationToken(
                    "key", "anonymousUser", AuthorityUtils.createAuthorityList("ANONYMOUS")));
      }
      return name == null ? Mono.empty() : Mono.just((T) (Principal) () -> name);
    }
  }
}
