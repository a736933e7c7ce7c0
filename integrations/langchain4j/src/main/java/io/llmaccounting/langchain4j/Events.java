package io.llmaccounting.langchain4j;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import java.nio.charset.StandardCharsets;

/** Events of a stream as they came over the network. */
final class Events {
  private Events() {}

  static byte[] bytes(ServerSentEvent event) {
    String name = event.event() == null ? "" : "event: " + event.event() + "\n";
    String data = event.data() == null ? "" : event.data().replace("\n", "\ndata: ");
    return (name + "data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
