package io.llmaccounting.sinks;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract for sinks that post to a server, whose bodies hold the ids of records. */
abstract class HttpSinkContract extends SinkContract {
  Receiver receiver;
  private final Pattern id;

  HttpSinkContract(String id) {
    this.id = Pattern.compile(id);
  }

  @BeforeEach
  final void start() throws Exception {
    receiver = new Receiver();
  }

  @AfterEach
  final void stop() {
    receiver.close();
  }

  @Override
  protected Set<UUID> received() {
    Set<UUID> ids = new HashSet<>();
    for (Receiver.Request request : receiver.requests) {
      id.matcher(request.text())
          .results()
          .forEach(found -> ids.add(uuid(found.group(1).replace("-", ""))));
    }
    return ids;
  }

  private static UUID uuid(String digits) {
    return new UUID(
        Long.parseUnsignedLong(digits.substring(0, 16), 16),
        Long.parseUnsignedLong(digits.substring(16), 16));
  }
}
