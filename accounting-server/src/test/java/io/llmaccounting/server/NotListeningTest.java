package io.llmaccounting.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.server.config.SettingSources;
import io.llmaccounting.server.config.SettingsReader;
import io.llmaccounting.server.process.DatabaseStores;
import io.llmaccounting.server.process.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that cannot listen says what is wrong, and what would be right. */
class NotListeningTest {
  @TempDir Path folder;
  private final Map<String, String> options = new HashMap<>(Map.of("listen.port", "0"));

  private Failure started() {
    return catchThrowableOfType(
        Failure.class,
        () ->
            ServerProcess.start(
                    SettingsReader.read(new SettingSources(options, Map.of(), null, folder))
                        .settings(),
                    new DatabaseStores(),
                    new GatewayFront(),
                    InstantSource.system())
                .close());
  }

  private void file(String setting, String text) throws IOException {
    Path file = folder.resolve(setting + ".pem");
    Files.writeString(file, text);
    options.put(setting, file.toString());
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      options.put("listen.port", Integer.toString(taken.getLocalPort()));

      Failure failure = started();

      assertThat(failure).hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
      assertThat(failure.next()).contains("Give another --port");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsSaid() {
    // TEST-NET-3, which nobody has
    options.put("listen.host", "203.0.113.7");

    Failure failure = started();

    assertThat(failure).hasMessageContaining("203.0.113.7:0");
    assertThat(failure.next()).contains("an address of this machine").doesNotContain("--port");
  }

  @Test
  void aHostThatNobodyKnowsIsSaid() {
    options.put("listen.host", "nowhere.invalid");

    assertThat(started().next()).contains("an address of this machine").doesNotContain("--port");
  }

  @Test
  void filesThatAreNoPemAreSaid() throws IOException {
    file("listen.certificate", "no certificate");
    file("listen.private-key", "no key");

    Failure failure = started();

    assertThat(failure).hasMessageContaining("cannot speak TLS with ");
    assertThat(failure.next()).contains("PEM").doesNotContain("--port");
  }
}
