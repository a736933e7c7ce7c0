package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Seals entries into one stream and appends them. The caller whose turn it is takes along the
 * entries of all that wait, in one transaction; the expensive part of a hash is made before. A
 * batch that may have been stored although it failed is never sealed anew at the same place: the
 * line goes on in a new stream, so there are neither gaps nor forks. Safe for use by many threads.
 */
final class SealingLine {
  private static final int MOST_ENTRIES = 500;
  private static final long MOST_CHARACTERS = 4_000_000;

  private final AuditLog log;
  private final SealKeys keys;
  private final Supplier<UUID> newStream;
  private final Supplier<String> newSalt;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock turn = new ReentrantLock();

  // Guarded by turn.
  private @Nullable UUID stream;
  private long sequence;
  private String hash = Seal.NO_HASH;

  SealingLine(AuditLog log, SealKeys keys, Supplier<UUID> newStream, Supplier<String> newSalt) {
    this.log = log;
    this.keys = keys;
    this.newStream = newStream;
    this.newSalt = newSalt;
  }

  /** What one caller waits for. */
  private static final class Waiting {
    private final List<AuditEntry> entries;
    private final List<String> salts;
    private final List<byte[]> digests;
    private volatile boolean done;
    private @Nullable RuntimeException failure;

    Waiting(List<AuditEntry> entries, Supplier<String> newSalt) {
      this.entries = entries;
      this.salts = entries.stream().map(entry -> newSalt.get()).toList();
      this.digests = new ArrayList<>(entries.size());
      for (int i = 0; i < entries.size(); i++) {
        digests.add(EntryEncoding.digest(entries.get(i), salts.get(i)));
      }
    }

    void end(@Nullable RuntimeException outcome) {
      failure = outcome;
      done = true;
    }

    void endUnlessDone() {
      if (!done) {
        end(new IllegalStateException("appending broke off; see the error of another thread"));
      }
    }

    long characters() {
      return entries.stream().mapToLong(Waiting::characters).sum();
    }

    private static long characters(AuditEntry entry) {
      return length(entry.prompt()) + length(entry.response());
    }

    private static long length(@Nullable String text) {
      return text == null ? 0 : text.length();
    }
  }

  /** Appends entries in this order, all or none. */
  void append(List<AuditEntry> entries) {
    Waiting mine = new Waiting(entries, newSalt);
    waiting.add(mine);
    while (!mine.done) {
      turn.lock();
      try {
        if (!mine.done) {
          appendWaiting();
        }
      } finally {
        turn.unlock();
      }
    }
    RuntimeException failure = mine.failure;
    if (failure instanceof BackendException shared) {
      throw shared.anew();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** How many callers wait. */
  int waiting() {
    return waiting.size();
  }

  private void appendWaiting() {
    List<Waiting> batch = new ArrayList<>();
    int entries = 0;
    long characters = 0;
    for (Waiting next = waiting.peek();
        next != null && entries < MOST_ENTRIES && characters < MOST_CHARACTERS;
        next = waiting.peek()) {
      waiting.remove();
      batch.add(next);
      entries += next.entries.size();
      characters += next.characters();
    }
    try {
      appendTogether(batch);
    } finally {
      // If an Error broke this off, the callers are told: nobody may wait for ever.
      batch.forEach(one -> one.endUnlessDone());
    }
  }

  private void appendTogether(List<Waiting> batch) {
    RuntimeException failure = store(batch);
    if (isRefused(failure) && batch.size() > 1) {
      batch.forEach(one -> one.end(storeAlone(one)));
    } else if (isRefused(failure)) {
      batch.forEach(one -> one.end(unlessStored(one, failure)));
    } else {
      batch.forEach(one -> one.end(failure));
    }
  }

  private @Nullable RuntimeException storeAlone(Waiting one) {
    RuntimeException failure = store(List.of(one));
    return isRefused(failure) ? unlessStored(one, failure) : failure;
  }

  private static boolean isRefused(@Nullable RuntimeException failure) {
    return failure instanceof BackendException e && e.kind() == BackendException.Kind.REJECTED;
  }

  // A caller that was not told that its entries were stored may give them again.
  private @Nullable RuntimeException unlessStored(Waiting one, @Nullable RuntimeException failure) {
    try {
      for (AuditEntry entry : one.entries) {
        Optional<SealedEntry> stored = log.entry(entry.id());
        if (stored.isEmpty() || !stored.get().entry().equals(entry)) {
          return failure;
        }
      }
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  /** Stores a batch at the end of the stream; returns the failure where it was not stored. */
  private @Nullable RuntimeException store(List<Waiting> batch) {
    boolean isUncertain = true;
    try {
      List<SealedEntry> sealed = sealed(batch);
      try {
        log.append(sealed);
      } catch (BackendException e) {
        if (!e.isPassing()) {
          throw e;
        }
        // Perhaps only the answer was lost: storing the batch again under the same seals changes
        // nothing.
        log.append(sealed);
      }
      advance(sealed.get(sealed.size() - 1).seal());
      isUncertain = false;
      return null;
    } catch (RuntimeException e) {
      isUncertain = !isRefused(e);
      return e;
    } finally {
      if (isUncertain) {
        stream = null;
      }
    }
  }

  private void advance(@Nullable Seal last) {
    if (last != null) {
      sequence = last.sequence();
      hash = last.hash();
    }
  }

  private List<SealedEntry> sealed(List<Waiting> batch) {
    UUID into = stream;
    if (into == null) {
      into = newStream.get();
      stream = into;
      sequence = 0;
      hash = Seal.NO_HASH;
    }
    List<SealedEntry> sealed = new ArrayList<>();
    long place = sequence;
    String previous = hash;
    for (Waiting one : batch) {
      for (int i = 0; i < one.entries.size(); i++) {
        place++;
        Seal seal = keys.seal(into, place, previous, one.salts.get(i), one.digests.get(i));
        sealed.add(new SealedEntry(one.entries.get(i), seal));
        previous = seal.hash();
      }
    }
    return sealed;
  }
}
