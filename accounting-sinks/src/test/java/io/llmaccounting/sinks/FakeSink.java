package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A receiver that fails as a test says. */
final class FakeSink implements Sink {
  final List<OutboxItem> taken = new CopyOnWriteArrayList<>();
  final List<Integer> batches = new CopyOnWriteArrayList<>();
  final Set<UUID> poison = ConcurrentHashMap.newKeySet();
  volatile Delivery down;
  volatile IOException broken;
  volatile CountDownLatch hanging;
  volatile boolean closed;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Delivery deliver(List<OutboxItem> batch) throws IOException, InterruptedException {
    batches.add(batch.size());
    CountDownLatch latch = hanging;
    if (latch != null) {
      latch.await();
    }
    IOException failure = broken;
    if (failure != null) {
      throw failure;
    }
    Delivery answer = down;
    if (answer != null) {
      return answer;
    }
    if (batch.stream().anyMatch(item -> poison.contains(item.record().usage().id()))) {
      return Delivery.refused("HTTP 400 no such model for alice");
    }
    taken.addAll(batch);
    return Delivery.taken();
  }

  List<UUID> ids() {
    List<UUID> ids = new ArrayList<>();
    taken.forEach(item -> ids.add(item.record().usage().id()));
    return ids;
  }

  @Override
  public void close() {
    closed = true;
  }
}
