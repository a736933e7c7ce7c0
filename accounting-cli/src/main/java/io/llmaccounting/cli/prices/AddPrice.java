package io.llmaccounting.cli.prices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.providers.prices.PriceCatalog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a row to a file of prices. */
@Command(
    name = "add",
    description = {
      "Add the price of a model to a file of prices, which is made where it is not there.",
      "Give the file to other commands with --prices FILE; its prices come before the bundled ones."
    },
    footer = "llm-accounting prices add prices.json --model our-own-model --input 0.5 --output 1.5")
public final class AddPrice extends AccountingCommand {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final int LONGEST_ID = 180;
  private static final String EMPTY = "{\"format\": 1, \"prices\": []}";

  @Parameters(paramLabel = "FILE", description = "The file of prices.")
  String file = "";

  @Option(names = "--model", required = true, paramLabel = "MODEL", description = "The model.")
  String model = "";

  @Option(names = "--provider", paramLabel = "NAME", description = "The provider. Default: any.")
  @Nullable String provider;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "USD",
      description = "US dollars for a million tokens of input.")
  BigDecimal input = BigDecimal.ZERO;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "USD",
      description = "US dollars for a million tokens of output.")
  BigDecimal output = BigDecimal.ZERO;

  /** What to do where {@code model} has no price, as commands that can be typed. */
  public static String advice(String model) {
    String quoted =
        model.matches("[A-Za-z0-9._:/-]+") ? model : "'" + model.replace("'", "'\\''") + "'";
    return "Add its price, US dollars for a million tokens: 'llm-accounting prices add prices.json"
        + " --model "
        + quoted
        + " --input 1.25 --output 10', then give --prices prices.json; or say what the call costs"
        + " with --cost.";
  }

  @Override
  protected int run(Run run) throws IOException {
    Path target = run.console().file(file);
    byte[] before =
        Files.exists(target) ? Files.readAllBytes(target) : EMPTY.getBytes(StandardCharsets.UTF_8);
    byte[] after = withRow(before);
    // what is written is read first, so that a file that worked never stops working
    PriceCatalog.empty().with(new ByteArrayInputStream(after));
    Path fresh = target.resolveSibling(target.getFileName() + ".new");
    Files.write(fresh, after);
    Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    run.note("added the price of " + model + " to " + file);
    return Exit.DONE;
  }

  /** The same document with one more element at the end of its list of prices. */
  private byte[] withRow(byte[] document) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonParser from = JSON.createParser(document);
        JsonGenerator to = JSON.createGenerator(out)) {
      to.setPrettyPrinter(new DefaultPrettyPrinter());
      int depth = 0;
      boolean inPrices = false;
      for (JsonToken token = from.nextToken(); token != null; token = from.nextToken()) {
        depth += token.isStructStart() ? 1 : 0;
        if (token == JsonToken.START_ARRAY && depth == 2) {
          inPrices = "prices".equals(from.currentName());
        }
        if (token == JsonToken.END_ARRAY && depth == 2 && inPrices) {
          writeRow(to);
        }
        depth -= token.isStructEnd() ? 1 : 0;
        to.copyCurrentEventExact(from);
      }
    }
    return out.toByteArray();
  }

  private void writeRow(JsonGenerator to) throws IOException {
    to.writeStartObject();
    to.writeStringField("id", id((provider == null ? "" : provider + ":") + model));
    if (provider != null) {
      to.writeStringField("provider", provider);
    }
    to.writeArrayFieldStart("models");
    to.writeString(model);
    to.writeEndArray();
    to.writeNumberField("input", input);
    to.writeNumberField("output", output);
    to.writeEndObject();
  }

  // Ids of rows are short and printable; names of models need not be.
  private static String id(String name) {
    String plain = name.replaceAll("[^!-~]", "-");
    plain = plain.length() > LONGEST_ID ? plain.substring(0, LONGEST_ID) : plain;
    return plain.equals(name) ? name : plain + "#" + Integer.toHexString(name.hashCode());
  }
}
