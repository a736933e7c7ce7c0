package io.llmaccounting.spring;

import java.security.Principal;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

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

  private static final class Authenticated extends ServerWebExchangeDecorator {
    Authenticated(ServerWebExchange exchange) {
      super(exchange);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends Principal> Mono<T> getPrincipal() {
      String name = getRequest().getHeaders().getFirst("Test-Principal");
      return name == null ? Mono.empty() : Mono.just((T) (Principal) () -> name);
    }
  }
}
