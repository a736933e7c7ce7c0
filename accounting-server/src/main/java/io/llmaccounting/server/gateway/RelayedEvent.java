package io.llmaccounting.server.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An event of a realtime session.
 *
 * @param type what it is about
 * @param id the id that the client gave it, or of an error that which the client gave to what has
 *     failed; null where there is none
 */
record RelayedEvent(Type type, @Nullable String id) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final RelayedEvent NOTHING = new RelayedEvent(Type.OTHER, null);

  /** What an event is about. */
  enum Type {
    /** The client asks for a response. */
    CREATE("response.create"),
    /** The provider has begun one, asked for or by itself. */
    CREATED("response.created"),
    /** The provider has ended one, and says what it used. */
    DONE("response.done"),
    /** Something that the client sent was refused. */
    ERROR("error"),
    /** Anything else. */
    OTHER("");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    private static Type named(String word) {
      for (Type type : values()) {
        if (type.word.equals(word)) {
          return type;
        }
      }
      return OTHER;
    }
  }

  /** Reads the event's object; what is none is nothing that counts. */
  static RelayedEvent of(String message) {
    // most messages are pieces of sound, which need not be parsed
    boolean may = message.contains("\"response.") || message.contains("\"error\"");
    if (!may && message.indexOf('\\') < 0) {
      return NOTHING;
    }
    try (JsonParser parser = JSON.createParser(message)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? read(parser) : NOTHING;
    } catch (IOException e) {
      return NOTHING;
    }
  }

  /** Of a name that is there twice the last value counts, as providers read it. */
  private static RelayedEvent read(JsonParser parser) throws IOException {
    Type type = Type.OTHER;
    String id = null;
    String failed = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("type") && value == JsonToken.VALUE_STRING) {
        type = Type.named(parser.getText());
      } else if (name.equals("event_id") && value == JsonToken.VALUE_STRING) {
        id = parser.getText();
      } else if (name.equals("error") && value == JsonToken.START_OBJECT) {
        failed = read(parser).id();
      } else {
        parser.skipChildren();
      }
    }
    return new RelayedEvent(type, type == Type.ERROR ? failed : id);
  }
}
