package io.llmaccounting.providers.prices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a file of prices and refuses what is probably not meant. Confined to one thread. */
final class PriceFileReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final String file;
  private final Map<String, String> takenIds;

  /**
   * @param file name of the file, for messages
   * @param takenIds ids that rows already have, and the files they are in
   */
  PriceFileReader(String file, Map<String, String> takenIds) {
    this.file = file;
    this.takenIds = new HashMap<>(takenIds);
  }

  List<PriceRow> read(InputStream in) {
    try (JsonParser parser = FACTORY.createParser(in)) {
      return read(new PriceJson(file, parser), parser);
    } catch (IOException e) {
      throw new PriceFileException(file, 0, "can not be read: " + e, e);
    }
  }

  private List<PriceRow> read(PriceJson json, JsonParser parser) throws IOException {
    try {
      List<PriceRow> rows = new ArrayList<>();
      boolean[] seen = new boolean[2];
      parser.nextToken();
      json.object(
          key -> {
            switch (key) {
              case "format" -> seen[0] = format(json);
              case "prices" -> {
                seen[1] = true;
                json.array(() -> row(json, rows));
              }
              case "unit", "generated", "sources", "leftOut" -> parser.skipChildren();
              default ->
                  throw json.problem("unknown key \"" + key + "\"; rows belong into \"prices\"");
            }
          });
      if ((!seen[0] || !seen[1]) && json.noted() == 0) {
        json.note(json.problem("must have \"format\": 1 and \"prices\": [...]"));
      }
      if (parser.nextToken() != null) {
        json.note(json.problem("must end after its object, but goes on"));
      }
      json.requireNone();
      return rows;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      PriceFileException broken =
          new PriceFileException(file, line, "is no JSON: " + e.getOriginalMessage(), e);
      json.note(broken);
      json.requireNone();
      throw broken;
    }
  }

  private static boolean format(PriceJson json) throws IOException {
    if (json.token() != JsonToken.VALUE_NUMBER_INT || !json.text().equals("1")) {
      throw json.problem("format must be 1, was " + json.text());
    }
    return true;
  }

  private void row(PriceJson json, List<PriceRow> rows) throws IOException {
    int line = json.line();
    PriceRow row = new PriceRowFields(json).read();
    if (row == null) {
      return;
    }
    String taken = takenIds.put(row.id(), file);
    if (taken != null) {
      throw json.problem(
          line,
          "id %s is already taken by a row of %s; rows never change, so give this one its own id"
              .formatted(row.id(), taken));
    }
    rows.add(row);
  }
}
