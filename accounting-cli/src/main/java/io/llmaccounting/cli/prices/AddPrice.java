package io.llmaccounting.cli.prices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.command.Times;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.providers.prices.PriceFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
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
    footer = {
      "llm-accounting prices add prices.json --model our-own-model --input 0.5 --output 1.5",
      "llm-accounting prices add prices.json --model our-own-model --input 0.4 --output 1.2 --from"
          + " 2026-03-01"
    })
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

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "When it begins to apply; one before it applies until then. Default: always.")
  @Nullable String from;

  @Option(
      names = "--unusual",
      description = "Take prices that look like a slip, such as one of more than $1000.")
  boolean unusual;

  @Override
  protected int run(Run run) throws IOException {
    requireNotNegative("--input", input);
    requireNotNegative("--output", output);
    Path target = run.console().file(file);
    FileProblems.requireFolder(target);
    Instant begin = from == null ? null : Times.parse("--from", from, run.globals().zone());
    String id = id(begin);
    refuseSecond(target, id);
    byte[] before =
        Files.exists(target) ? Files.readAllBytes(target) : EMPTY.getBytes(StandardCharsets.UTF_8);
    byte[] after = withRow(before, id, begin);
    check(after);
    Path fresh = target.resolveSibling(target.getFileName() + ".new");
    Files.write(fresh, after);
    Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    run.note("added the price of " + model + " to " + file);
    return Exit.DONE;
  }

  private static void requireNotNegative(String option, BigDecimal price) {
    if (price.signum() < 0) {
      throw new IllegalArgumentException(option + " must be at least 0, was " + price);
    }
  }

  private void refuseSecond(Path target, String id) {
    if (Files.exists(target)
        && PriceCatalog.empty().with(target).rows().stream().anyMatch(row -> row.id().equals(id))) {
      throw Failure.failed(
          "%s has a price of %s already: its row %s".formatted(file, model, id),
          "Rows stay as they are, because calls refer to them: give %s for a price that follows it."
              .formatted(from == null ? "--from DATE" : "another --from"));
    }
  }

  // the new content is read before it is written, so that a file that worked never stops working
  private static void check(byte[] document) {
    try {
      PriceCatalog.bundled().with(new ByteArrayInputStream(document));
    } catch (PriceFileException e) {
      String text = String.valueOf(e.getMessage()).replaceFirst("^prices, line \\d+: ", "");
      int advice = text.indexOf("; if it is meant, add \"unusual\"");
      if (advice < 0) {
        throw e;
      }
      throw Failure.usage(text.substring(0, advice), "If it is meant, give --unusual.");
    }
  }

  /** The same document with one more element at the end of its list of prices. */
  private byte[] withRow(byte[] document, String id, @Nullable Instant begin) throws IOException {
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
          writeRow(to, id, begin);
        }
        depth -= token.isStructEnd() ? 1 : 0;
        to.copyCurrentEventExact(from);
      }
    }
    out.write('\n');
    return out.toByteArray();
  }

  private void writeRow(JsonGenerator to, String id, @Nullable Instant begin) throws IOException {
    to.writeStartObject();
    to.writeStringField("id", id);
    if (provider != null) {
      to.writeStringField("provider", provider);
    }
    to.writeArrayFieldStart("models");
    to.writeString(model);
    to.writeEndArray();
    if (begin != null) {
      to.writeStringField("from", begin.toString());
    }
    to.writeNumberField("input", input);
    to.writeNumberField("output", output);
    if (unusual) {
      to.writeBooleanField("unusual", true);
    }
    to.writeEndObject();
  }

  private String id(@Nullable Instant begin) {
    String name = (provider == null ? "" : provider + ":") + model;
    String id = plain(begin == null ? name : name + "@" + begin);
    boolean bundled = PriceCatalog.bundled().rows().stream().anyMatch(row -> row.id().equals(id));
    return bundled ? id + "#own" : id;
  }

  // Ids of rows are short and printable; names of models need not be.
  private static String plain(String name) {
    String plain = name.replaceAll("[^!-~]", "-");
    plain = plain.length() > LONGEST_ID ? plain.substring(0, LONGEST_ID) : plain;
    return plain.equals(name) ? name : plain + "#" + Integer.toHexString(name.hashCode());
  }
}
