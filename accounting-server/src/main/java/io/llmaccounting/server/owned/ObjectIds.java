package io.llmaccounting.server.owned;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the ids of objects in JSON. */
public final class ObjectIds {
  /** Fields of requests that refer to objects; in lower case, without underscores. */
  static final Set<String> REFERENCES =
      Set.of(
          "previousresponseid",
          "conversation",
          "conversationid",
          "fileid",
          "fileids",
          "inputfileid",
          "inputfileids",
          "inputfiles",
          "trainingfile",
          "trainingfiles",
          "validationfile",
          "validationfiles",
          "vectorstoreid",
          "vectorstoreids",
          "assistantid",
          "threadid",
          "container",
          "containerid",
          "cachedcontent",
          "fileuri",
          "filename",
          "agentid",
          "libraryids",
          "datasetid",
          "skillid");

  /** What one of them has in it as it is written, or an escape that may hide one. */
  private static final List<String> MARKS =
      List.of(
          "response_id",
          "onversation",
          "ile_id",
          "ileId",
          "_file",
          "nput_files",
          "ector_store",
          "ssistant_id",
          "hread_id",
          "ontainer",
          "achedContent",
          "ached_content",
          "ile_uri",
          "ileUri",
          "ile_name",
          "ileName",
          "gent_id",
          "ibrary_ids",
          "ataset_id",
          "kill_id",
          "\\u00");

  /** Fields of requests whose objects are the caller's own words, which no provider looks up. */
  private static final Set<String> WORDS =
      Set.of(
          "input",
          "args",
          "arguments",
          "response",
          "parameters",
          "properties",
          "input_schema",
          "inputSchema",
          "schema",
          "json_schema",
          "responseSchema",
          "response_schema",
          "metadata");

  /** Fields of answers that tell of objects which belong to whoever asked. */
  private static final Set<String> PRODUCTS =
      Set.of(
          "outputfileid",
          "errorfileid",
          "outputfile",
          "errorfile",
          "resultfiles",
          "responsesfile",
          "threadid",
          "containerid",
          "file");

  private static final JsonFactory JSON = new JsonFactory();

  private final Set<String> names;
  private final Set<String> found = new LinkedHashSet<>();

  private ObjectIds(Set<String> names) {
    this.names = names;
  }

  /**
   * The form in which an id is known, wherever it comes from: without the folder that some names
   * have in front, and the address that some have before that.
   */
  public static String plain(String id) {
    String end = id.endsWith("/") ? id.substring(0, id.length() - 1) : id;
    return end.substring(end.lastIndexOf('/') + 1);
  }

  /** Whether a request may refer to something, by its bytes as Latin characters. */
  public static boolean mayRefer(String json) {
    return MARKS.stream().anyMatch(json::contains);
  }

  /**
   * The ids that a request refers to.
   *
   * @param json one value, or one for each line
   * @throws IOException if it is no JSON
   */
  public static Set<String> references(byte[] json) throws IOException {
    return mayRefer(new String(json, StandardCharsets.ISO_8859_1))
        ? all(json, REFERENCES)
        : Set.of();
  }

  /**
   * The ids of what was made of the object that an answer tells of.
   *
   * @throws IOException if it is no JSON
   */
  public static Set<String> products(byte[] json) throws IOException {
    return all(json, PRODUCTS);
  }

  private static Set<String> all(byte[] json, Set<String> names) throws IOException {
    ObjectIds ids = new ObjectIds(names);
    try (JsonParser parser = JSON.createParser(json)) {
      while (parser.nextToken() != null) {
        ids.value(parser, "");
      }
    }
    return ids.found;
  }

  /**
   * The id of the object that an answer or its first event is about, as far as it has come; null
   * where it has not.
   */
  public static @Nullable String own(byte[] json, int from, int length) {
    try (JsonParser parser = JSON.createParser(json, from, length)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? own(parser, true) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable String own(JsonParser parser, boolean outside) throws IOException {
    String name = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING && field.equals("id")) {
        return plain(parser.getText());
      }
      if (value == JsonToken.VALUE_STRING && field.equals("name")) {
        name = plain(parser.getText());
      }
      boolean inside = field.equals("response") || field.equals("file");
      if (outside && inside && value == JsonToken.START_OBJECT) {
        return own(parser, false);
      }
      parser.skipChildren();
    }
    return name;
  }

  private void value(JsonParser parser, String name) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> {
        if (names.contains(normal(name))) {
          add(name, parser.getText());
        }
      }
      case START_OBJECT -> object(parser, name);
      case START_ARRAY -> {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          // what is said to a model is a list, the words of a tool are an object
          boolean said = parser.currentToken() == JsonToken.START_OBJECT && WORDS.contains(name);
          value(parser, said ? "" : name);
        }
      }
      default -> {
        // no text
      }
    }
  }

  private void object(JsonParser parser, String name) throws IOException {
    if (WORDS.contains(name)) {
      parser.skipChildren();
      return;
    }
    boolean referred = names.contains(normal(name));
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken token = parser.nextToken();
      if (referred && field.equals("id") && token == JsonToken.VALUE_STRING) {
        add(name, parser.getText());
      } else {
        value(parser, field);
      }
    }
  }

  /** Files have names for people too, which are no folders. */
  private void add(String name, String id) {
    boolean forPeople = normal(name).equals("filename") && !id.startsWith("files/");
    boolean word = id.isEmpty() || id.equals("auto") || id.equals("none");
    boolean elsewhere = normal(name).equals("fileuri") && !id.contains("/files/");
    if (!forPeople && !word && !elsewhere) {
      found.add(plain(id));
    }
  }

  static String normal(String field) {
    return field.replace("_", "").toLowerCase(Locale.ROOT);
  }
}
