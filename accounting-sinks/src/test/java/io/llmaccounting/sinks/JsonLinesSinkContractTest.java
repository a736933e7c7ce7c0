package io.llmaccounting.sinks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesSinkContractTest extends SinkContract {
  @TempDir private Path folder;

  @Override
  protected Sink open() {
    return new JsonLinesSink("files", folder, 2_000);
  }

  @Override
  protected Set<UUID> received() throws Exception {
    Set<UUID> ids = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        List<String> lines = Files.readAllLines(file);
        lines.forEach(line -> ids.add(UUID.fromString(line.substring(7, 43))));
      }
    }
    return ids;
  }
}
