package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** A process that holds and settles calls for a while and prints how many a second. */
final class PairsProgram {
  private static final int THREADS = 8;

  private PairsProgram() {}

  public static void main(String[] arguments) throws Exception {
    double seconds = Double.parseDouble(arguments[3]);
    Clock clock = Clock.systemUTC();
    try (LlmAccounting accounting = LlmAccounting.create(BenchProcess.address(arguments).open());
        PrintStream out =
            new PrintStream(
                new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
      Calls[] calls = new Calls[THREADS];
      for (int i = 0; i < THREADS; i++) {
        calls[i] = new Calls(ProcessHandle.current().pid() * THREADS + i);
      }
      Measured run =
          new Load(THREADS, seconds, Probe.NONE)
              .run(
                  (thread, number) ->
                      QuotaBenchmark.pair(
                          accounting, calls[thread].next(Calls.micros(clock.instant()))));
      out.println(run.perSecond());
    }
  }
}
