package io.llmaccounting.server.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.server.config.CacheSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AnswerCache cache =
      new AnswerCache(
          new CacheSettings(Duration.ofMinutes(1), 100_000), new SimpleMeterRegistry(), nanos::get);

  private static CacheKey key(String text) {
    return CacheKey.of(
            new CacheKey.Question("s", List.of("place"), MultiMap.caseInsensitiveMultiMap()),
            Buffer.buffer("{\"text\":\"" + text + "\"}"))
        .orElseThrow();
  }

  private void keep(String text, int length) {
    Buffer body =
        Buffer.buffer(
            "{\"object\":\"chat.completion\",\"model\":\"m\",\"x\":\"%s\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}"
                .formatted("x".repeat(length)));
    CollectedAnswer collected =
        cache.collect(key(text), "application/json", false, UsageReader.create());
    collected.came(body);
    collected.shown(body);
    collected.completed();
  }

  @Test
  void anAnswerIsGivenUntilItsTimeIsOver() {
    keep("a", 10);
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(cache.find(key("a")))
        .hasValueSatisfying(kept -> assertThat(cache.age(kept)).isEqualTo(Duration.ofSeconds(59)));

    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(cache.find(key("a"))).isEmpty();
  }

  @Test
  void noMoreIsKeptThanThereIsRoomFor() {
    for (int i = 0; i < 50; i++) {
      keep("a" + i, 10_000);
    }
    cache.cleanUp();

    assertThat(cache.size()).isBetween(1L, 10L);
  }

  @Test
  void oneAnswerDoesNotTakeAllOfTheRoom() {
    keep("a", 30_000);

    assertThat(cache.find(key("a"))).isEmpty();
  }

  @Test
  void partsOfAKeyDoNotRunIntoEachOther() {
    MultiMap none = MultiMap.caseInsensitiveMultiMap();
    Buffer body = Buffer.buffer("{}");

    assertThat(CacheKey.of(new CacheKey.Question("a", List.of("bc"), none), body))
        .isNotEqualTo(CacheKey.of(new CacheKey.Question("ab", List.of("c"), none), body));
    assertThat(CacheKey.of(new CacheKey.Question("a", List.of(), none), Buffer.buffer("[]")))
        .isEmpty();
    assertThat(
            CacheKey.of(
                new CacheKey.Question("a", List.of(), none),
                Buffer.buffer("{\"a\":" + "[".repeat(300) + "]".repeat(300) + "}")))
        .isEmpty();
  }
}
