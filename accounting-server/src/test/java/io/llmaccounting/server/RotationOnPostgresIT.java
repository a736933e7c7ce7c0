package io.llmaccounting.server;

import io.llmaccounting.testing.postgres.ServerSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;

class RotationOnPostgresIT extends RotationUnderLoad {
  private final ServerSchema schema = ServerSchema.create();

  @Override
  String database() {
    try {
      Files.writeString(
          folder.resolve("sealing.txt"),
          Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32)) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return """
    db: {place: "%s", user: "%s", password: "%s", schema: "%s"}
    sealing: {key-file: sealing.txt}
    """
        .formatted(
            schema.server().url(),
            schema.server().user(),
            schema.server().password(),
            schema.name());
  }

  @AfterEach
  void drop() {
    schema.close();
  }
}
