package io.llmaccounting.acceptance;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import java.time.InstantSource;

/** The testkit's backend. */
public final class InMemoryUnderTest implements BackendUnderTest {
  private record Stored(InMemoryStorage storage) implements StorageUnderTest {
    @Override
    public UsageBackend open(InstantSource clock) {
      return InMemoryBackend.open(storage, clock);
    }

    @Override
    public Meddling meddling() {
      return new InMemoryMeddling(storage);
    }
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public StorageUnderTest create() {
    return new Stored(InMemoryStorage.create());
  }
}
