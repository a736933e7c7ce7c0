package io.llmaccounting.server.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What an event of a realtime session is about. */
enum RelayedEvent {
  /** The client asks for a response. */
  CREATE("response.create"),
  /** The provider has begun one, asked for or by itself. */
  CREATED("response.created"),
  /** The provider has ended one, and says what it used. */
  DONE("response.done"),
  /** Anything else. */
  OTHER("");

  private static final JsonFactory JSON = new JsonFactory();

  private final String type;

  RelayedEvent(String type) {
    this.type = type;
  }

  /** Tells by the field {@code type} of the event's object; OTHER for what is no such object. */
  static RelayedEvent of(String message) {
    // most messages are pieces of sound, which need not be parsed
    if (!message.contains("\"response.") && message.indexOf('\\') < 0) {
      return OTHER;
    }
    try (JsonParser parser = JSON.createParser(message)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return OTHER;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("type") && value == JsonToken.VALUE_STRING) {
          return named(parser.getText());
        }
        parser.skipChildren();
      }
      return OTHER;
    } catch (IOException e) {
      return OTHER;
    }
  }

  private static RelayedEvent named(String type) {
    for (RelayedEvent event : values()) {
      if (event.type.equals(type)) {
        return event;
      }
    }
    return OTHER;
  }
}
