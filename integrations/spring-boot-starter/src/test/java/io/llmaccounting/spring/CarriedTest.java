package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TokenUsage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** Who calls on the threads that Spring makes. */
class CarriedTest {
  private static final CallContext ALICE = CallContext.of(Attribution.NONE.withUser("alice"));

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableAsync
  @EnableScheduling
  static class Application {
    @Bean
    Later later(LlmAccounting accounting) {
      return new Later(accounting);
    }

    @Bean
    Timer timer(LlmAccounting accounting) {
      return new Timer(accounting);
    }
  }

  static class Later {
    private final LlmAccounting accounting;

    Later(LlmAccounting accounting) {
      this.accounting = accounting;
    }

    @Async
    public CompletableFuture<Thread> ask() {
      CarriedTest.ask(accounting);
      return CompletableFuture.completedFuture(Thread.currentThread());
    }
  }

  static class Timer {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final LlmAccounting accounting;

    Timer(LlmAccounting accounting) {
      this.accounting = accounting;
    }

    @Scheduled(fixedDelay = Long.MAX_VALUE / 1_000_000)
    public void ask() {
      try (CallContext.Scope scope = CallContext.of(Attribution.NONE.withCaller("timer")).open()) {
        CarriedTest.ask(accounting);
      }
      asked.countDown();
    }
  }

  private static void ask(LlmAccounting accounting) {
    accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(1, 1));
  }

  private static ConfigurableApplicationContext start(String... properties) throws Exception {
    ConfigurableApplicationContext application =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .properties("spring.datasource.url=jdbc:h2:mem:carried")
            .properties(properties)
            .run();
    application.getBean(Timer.class).asked.await();
    return application;
  }

  /** Calls of {@code alice}, and of nobody else but the timer, on a thread of each kind. */
  private static Thread asksOnThreads(ConfigurableApplicationContext application) throws Exception {
    LlmAccounting accounting = application.getBean(LlmAccounting.class);
    TaskExecutor executor = application.getBean("applicationTaskExecutor", TaskExecutor.class);
    CompletableFuture<Thread> thread;
    CompletableFuture<Void> task;
    try (CallContext.Scope scope = ALICE.open()) {
      thread = application.getBean(Later.class).ask();
      task = CompletableFuture.runAsync(() -> ask(accounting), executor);
    }
    task.join();
    Thread used = thread.join();
    application.getBean(Later.class).ask().join();

    assertThat(accounting.tail())
        .extracting(call -> call.usage().attribution().user())
        .containsExactlyInAnyOrder(null, "alice", "alice", null);
    assertThat(accounting.tail())
        .extracting(call -> call.usage().attribution().caller())
        .containsOnlyOnce("timer");
    return used;
  }

  @Test
  void followsToAsynchronousMethodsAndTasksAndEndsThere() throws Exception {
    try (ConfigurableApplicationContext application = start()) {
      Thread used = asksOnThreads(application);

      assertThat(used).isNotSameAs(Thread.currentThread());
    }
  }

  @Test
  void followsToVirtualThreads() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21 or newer");
    try (ConfigurableApplicationContext application =
        start("spring.threads.virtual.enabled=true")) {
      Thread used = asksOnThreads(application);

      assertThat((Boolean) Thread.class.getMethod("isVirtual").invoke(used)).isTrue();
    }
  }
}
