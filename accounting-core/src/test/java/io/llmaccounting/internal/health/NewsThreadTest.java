package io.llmaccounting.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NewsThreadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

  private final NewsThread news = new NewsThread("news");

  @AfterEach
  void close() {
    assertThat(news.close(PATIENCE)).isTrue();
  }

  @Test
  void whoIsToldSeesNothingOfTheThreadThatCameFirst() throws Exception {
    CompletableFuture<List<String>> heard = new CompletableFuture<>();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread request =
        new Thread(
            () -> {
              TENANT.set("a request's");
              Thread.currentThread().setContextClassLoader(new ClassLoader("request", before) {});
              news.later(
                  () ->
                      heard.complete(
                          List.of(
                              "tenant " + TENANT.get(),
                              "" + Thread.currentThread().getContextClassLoader())));
            });
    request.start();

    assertThat(heard.get(20, TimeUnit.SECONDS)).containsExactly("tenant null", "" + before);
  }

  @Test
  void whoAwaitsKnowsThatWhatCameBeforeIsTold() {
    List<Integer> told = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      news.later(() -> told.add(number));
    }

    news.await(PATIENCE);

    assertThat(told).hasSize(100);
  }

  @Test
  void whoIsToldAwaitsNothing() throws Exception {
    CountDownLatch returned = new CountDownLatch(1);
    news.later(
        () -> {
          news.await(PATIENCE);
          assertThat(news.close(PATIENCE)).isTrue();
          returned.countDown();
        });

    assertThat(returned.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
