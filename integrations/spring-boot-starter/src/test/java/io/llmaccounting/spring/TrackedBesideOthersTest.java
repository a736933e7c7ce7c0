package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.usage.TokenUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;

/** Methods that are metered, and cached, or allowed to some people only. */
class TrackedBesideOthersTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withUserConfiguration(Application.class)
          .withConfiguration(AutoConfigurations.of(LlmAccountingAutoConfiguration.class));

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  @EnableMethodSecurity
  static class Application {
    @Bean
    CacheManager caches() {
      return new ConcurrentMapCacheManager();
    }

    @Bean
    Service service() {
      return new Service();
    }
  }

  static class Service {
    @Cacheable("ranks")
    @TrackLlmUsage(model = "gpt-5-mini")
    public TokenUsage rank(String order) {
      return TokenUsage.of(11, 7);
    }

    @PreAuthorize("hasRole('ADMIN')")
    @TrackLlmUsage(model = "gpt-5-mini")
    public TokenUsage audit() {
      return TokenUsage.of(11, 7);
    }
  }

  static class WithFinalMethod {
    @TrackLlmUsage(model = "gpt-5-mini")
    public final TokenUsage rank() {
      return TokenUsage.of(11, 7);
    }
  }

  @AfterEach
  void signOut() {
    SecurityContextHolder.clearContext();
  }

  @Test
  void whatComesFromACacheIsNoCall() {
    runner.run(
        context -> {
          Service service = context.getBean(Service.class);
          assertThat(service.rank("7")).isEqualTo(service.rank("7"));

          assertThat(context.getBean(LlmAccounting.class).tail()).hasSize(1);
        });
  }

  @Test
  void whoIsNotAllowedToCallIsToldSoAndMakesNoCall() {
    runner
        .withPropertyValues(
            "llm.accounting.limit-set=test",
            "llm.accounting.limits[0].name=none",
            "llm.accounting.limits[0].metric=requests",
            "llm.accounting.limits[0].max=0",
            "llm.accounting.limits[0].lifetime=true")
        .run(
            context -> {
              signIn("ROLE_USER");
              Service service = context.getBean(Service.class);

              assertThatThrownBy(service::audit).isInstanceOf(AccessDeniedException.class);
              assertThat(context.getBean(LlmAccounting.class).health().counts().denied()).isZero();
            });
  }

  @Test
  void whoIsAllowedToCallIsMetered() {
    runner.run(
        context -> {
          signIn("ROLE_ADMIN");
          context.getBean(Service.class).audit();

          assertThat(context.getBean(LlmAccounting.class).tail()).hasSize(1);
        });
  }

  @Test
  void aMethodThatCannotBeMeteredStopsTheStart() {
    runner
        .withBean(WithFinalMethod.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContainingAll("@TrackLlmUsage on ", "rank()", "nor final"));
  }

  private static void signIn(String role) {
    SecurityContextHolder.getContext()
        .setAuthentication(new TestingAuthenticationToken("alice", "none", role));
  }
}
