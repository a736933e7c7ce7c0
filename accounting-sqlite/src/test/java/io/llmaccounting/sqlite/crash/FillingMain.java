package io.llmaccounting.sqlite.crash;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Appends calls to a spool until its disk is full; prints each id, then what it was told. */
final class FillingMain {
  private FillingMain() {}

  public static void main(String[] arguments) {
    try (SqliteSpool spool = SqliteSpool.at(Path.of(arguments[0]))) {
      int kept = 0;
      try {
        while (true) {
          SpooledCall call = SpoolingMain.call("alice");
          spool.append(List.of(call), Map.of());
          kept++;
          System.out.println(call.usage().id().toString());
        }
      } catch (BackendException e) {
        System.out.println(e.kind() + " " + e.getMessage());
      }
      boolean allThere = spool.read(0, Integer.MAX_VALUE).size() == kept;
      System.out.println(allThere ? "all kept" : "some lost");
    }
  }
}
