package io.llmaccounting.proofs;

import io.llmaccounting.LlmAccounting;

/** Records known calls in eight threads, and prints the number of each once it is acknowledged. */
final class RecordingMain {
  static final int THREADS = 8;

  private RecordingMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    ProofStore store = ProofStore.of(arguments);
    KnownCalls calls = new KnownCalls(Long.parseLong(arguments[4]), Integer.parseInt(arguments[5]));
    LlmAccounting accounting = store.accounting().build();
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int first = i;
      threads[i] = new Thread(() -> record(accounting, calls, first));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    // whoever started this kills it
    Thread.currentThread().join();
  }

  private static void record(LlmAccounting accounting, KnownCalls calls, int first) {
    for (int index = first; index < calls.count(); index += THREADS) {
      accounting.track(calls.call(index));
      System.out.println("" + index);
    }
  }
}
