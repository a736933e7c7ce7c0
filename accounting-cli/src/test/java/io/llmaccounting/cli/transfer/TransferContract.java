package io.llmaccounting.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code export} and {@code import}. */
abstract class TransferContract extends CommandContract {

  private static final String HISTORY =
      """
      {"kind":"export","format":"llm-accounting","version":1}
      {"kind":"project","name":"search","active":true,"activated_at":"2026-03-02T08:00:00Z"}
      {"kind":"user","name":"zoë","ou":"R, D","active":true}
      {"kind":"usage","id":"019cadc6-9a80-7cd8-a8fb-0e6f684df992","at":"2026-03-02T09:00:00Z",\
      "key":"k-1","model":"m","cost":"0.25","project":"search",\
      "charged_at":"2026-03-02T09:00:00Z","settled_at":"2026-03-02T09:00:01Z"}
      {"kind":"usage","id":"019cadc6-9a80-7cd8-a8fb-0e6f684df993","at":"2026-03-02T09:00:00Z",\
      "model":"m","input_tokens":10,"output_tokens":2,"user":"zoë",\
      "charged_at":"2026-03-02T09:00:00Z","settled_at":"2026-03-02T09:00:00.000001Z"}
      {"kind":"limit","name":"budget","metric":"cost","max":"5.00","window":"lifetime",\
      "action":"deny","alerts":[1],"open_on_outage":"0","unpriced":"deny","unpriced_ceiling":"0"}
      {"kind":"limit","name":"none","metric":"requests","max":"0","window":"rolling PT1H",\
      "who":{"model":"is x y","user":"each"},"action":"warn","open_on_outage":"7",\
      "unpriced":"charge","unpriced_ceiling":"0.1","grain_micros":36000000}
      {"kind":"limit","name":"weighted","metric":"weighted-tokens","max":"12.5",\
      "window":"calendar 1 MONTH UTC starting 31 06:00","action":"deny","open_on_outage":"0.5",\
      "unpriced":"deny","unpriced_ceiling":"0","weights":"input=1,output=4,cache-read=0.1"}
      {"kind":"limit","name":"at once","metric":"concurrent","max":"5","window":"now",\
      "who":{"user":"each"},"action":"deny","open_on_outage":"0","unpriced":"deny",\
      "unpriced_ceiling":"0"}
      {"kind":"denial","limit":"none","subject":"","minute":"2026-03-02T09:00:00Z","count":3,\
      "last_requested":1,"last_reason":"no room"}
      {"kind":"alert","id":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","limit":"budget","subject":"",\
      "percent":1,"fired_at":"2026-03-02T09:00:00Z","used":250000000,"maximum":5000000000,\
      "delivered":true}
      {"kind":"audit","id":"019cadc6-9a80-7cd8-a8fb-0e6f684df994","at":"2026-03-02T09:00:00Z",\
      "type":"prompt","prompt":"a\\nb","attributes":{"a":"b"},"marks":{"prompt.cut":70000},\
      "seal":{"stream":"019cadc6-9a80-7cd8-a8fb-0e6f684df900","sequence":1,"version":1,\
      "hash":"00000000000000000000000000000000000000000000000000000000000000ff"}}
      {"kind":"end","lines":11}
      """;

  private static final String ACCESS =
      """
      {"kind":"export","format":"llm-accounting","version":1}
      {"kind":"key","id":"6f9619ff-8b86-4d01-b42d-00cf4fc964f1","name":"web","project":"search",\
      "user":"zoë","tags":{"team":"s"},"models":["gpt-*","o3"],"providers":["openai"],\
      "roles":["call","read"],"expires_at":"2027-01-01T00:00:00Z",\
      "digest":"00000000000000000000000000000000000000000000000000000000000000aa",\
      "former_digest":"00000000000000000000000000000000000000000000000000000000000000bb",\
      "former_valid_until":"2026-03-09T09:00:00Z","hint":"sk-acc-ab...wxyz",\
      "created_at":"2026-03-02T09:00:00Z","revoked_at":"2026-03-03T09:00:00Z",\
      "last_used_at":"2026-03-02T10:00:00Z"}
      {"kind":"key","id":"6f9619ff-8b86-4d01-b42d-00cf4fc964f2","name":"ci","roles":["call"],\
      "digest":"00000000000000000000000000000000000000000000000000000000000000cc",\
      "hint":"sk-acc-cd...uvwx","created_at":"2026-03-02T09:00:00Z"}
      {"kind":"credential","id":"6f9619ff-8b86-4d01-b42d-00cf4fc964f3","project":"search",\
      "upstream":"openai","name":"main","sealed":"AQID/w==","sealed_by":"k1",\
      "created_at":"2026-03-02T09:00:00Z"}
      {"kind":"end","lines":3}
      """;

  private void history() {
    runWith(HISTORY, "import").exits(Exit.DONE);
  }

  private List<String> exported(String... options) {
    String[] all = new String[options.length + 1];
    all[0] = "export";
    System.arraycopy(options, 0, all, 1, options.length);
    return done(all).lines();
  }

  @Test
  void writesALineForEverything() {
    history();

    List<String> lines = exported();

    assertThat(lines.get(0))
        .startsWith("{\"kind\":\"export\",\"format\":\"llm-accounting\",\"version\":1,");
    assertThat(lines)
        .anyMatch(
            line -> line.startsWith("{\"kind\":\"project\",\"name\":\"search\",\"active\":true"))
        .anyMatch(line -> line.contains("\"kind\":\"user\",\"name\":\"zo\u00eb\",\"ou\":\"R, D\""))
        .anyMatch(line -> line.contains("\"key\":\"k-1\"") && line.contains("\"cost\":\"0.25\""))
        .anyMatch(
            line ->
                line.contains(
                    "\"kind\":\"limit\",\"name\":\"budget\",\"metric\":\"cost\",\"max\":\"5.00\""))
        .anyMatch(line -> line.startsWith("{\"kind\":\"alert\""))
        .anyMatch(line -> line.startsWith("{\"kind\":\"audit\""));
    assertThat(lines.get(lines.size() - 1))
        .startsWith("{\"kind\":\"end\",\"lines\":" + (lines.size() - 2) + ",");
  }

  @Test
  void movesKeysAndSealedCredentialsAsTheyAre() {
    runWith(ACCESS, "import").exits(Exit.DONE);

    List<String> lines = exported("--only", "key,credential");

    String moved = String.join("\n", lines.subList(1, lines.size() - 1));
    assertThat(moved.lines())
        .containsExactlyInAnyOrderElementsOf(ACCESS.lines().skip(1).limit(3).toList());
    assertThat(runWith(ACCESS, "import", "--format", "csv").exits(Exit.DONE).lines())
        .contains("key,2,0,2,0,0", "credential,1,0,1,0,0");
  }

  @Test
  void leavesAKeyAloneThatIsAnotherOneHere() {
    runWith(ACCESS, "import").exits(Exit.DONE);

    String other = ACCESS.replace("\"roles\":[\"call\"]", "\"roles\":[\"manage\"]");

    assertThat(runWith(other, "import", "--dry-run").exits(Exit.FAILED).err())
        .contains("key \"ci\" is another one here, which stays");
    assertThat(runWith(other, "import").exits(Exit.FAILED).err())
        .contains("key \"ci\" is another one here, which stays");
    assertThat(exported("--only", "key")).noneMatch(line -> line.contains("manage"));
  }

  @Test
  void saysWhatItWroteInAllFormats() {
    history();

    assertThat(json("export", "--only", "project,usage", "a.jsonl").objects())
        .containsExactly(
            Map.of("kind", "project", "lines", 1L), Map.of("kind", "usage", "lines", 2L));
    assertThat(csv("export", "--only", "usage,project", "b.jsonl").out())
        .isEqualTo("kind,lines\nproject,1\nusage,2\n");
    assertThat(done("export", "--only", "project,usage", "c.jsonl").lines())
        .containsExactly("KIND     LINES", "project      1", "usage        2");
  }

  @Test
  void takingInWhatIsThereChangesNothingAndSaysSoInAllFormats() {
    history();
    done("export", "all.jsonl");
    List<String> before = exported();

    assertThat(json("import", "all.jsonl").objects())
        .extracting(row -> row.get("kind"), row -> row.get("added"), row -> row.get("refused"))
        .contains(tuple("usage", 0L, 0L), tuple("limit", 0L, 0L), tuple("alert", 0L, 0L))
        .allMatch(row -> row.toList().get(1).equals(0L));
    assertThat(csv("import", "all.jsonl").lines())
        .contains(
            "kind,lines,added,unchanged,corrected,refused",
            "project,1,0,1,0,0",
            "usage,2,0,2,0,0",
            "limit,4,0,4,0,0");
    assertThat(done("import", "all.jsonl").lines().get(0))
        .isEqualTo("KIND     LINES  ADDED  UNCHANGED  CORRECTED  REFUSED");
    assertThat(exported().subList(1, before.size())).isEqualTo(before.subList(1, before.size()));
  }

  @Test
  void aDryRunSaysWhatWouldBeTakenIn() {
    history();
    done("export", "all.jsonl");
    done("users", "remove", "zo\u00eb");
    List<String> before = exported();

    Ran dry = json("import", "all.jsonl", "--dry-run").says("nothing was written");

    assertThat(dry.objects())
        .extracting(row -> row.get("kind"), row -> row.get("added"))
        .contains(tuple("user", 1L), tuple("usage", 0L));
    assertThat(exported().subList(1, before.size())).isEqualTo(before.subList(1, before.size()));
  }

  @Test
  void onlyTheCallsThatAreMeantAreWritten() {
    history();

    List<String> lines = exported("--user", "zo*");

    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"kinds\":\"usage\"", "\"filter\":{\"user\":\"prefix zo\"}");
    assertThat(lines.get(1)).contains("\"user\":\"zo\u00eb\"");
    assertThat(exported("--from", "2026-03-02", "--to", "2026-03-03")).hasSize(4);
    assertThat(exported("--to", "2026-03-02")).hasSize(2);
    run("export", "--user", "a", "--only", "limit").exits(Exit.USAGE).says("--only must be usage");
    run("export", "--only", "limits").exits(Exit.USAGE).says("\"limits\"");
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyWhereAsked() throws IOException {
    write("all.jsonl", "mine");

    run("track", "--model", "m").exits(Exit.DONE);
    run("export", "all.jsonl").exits(Exit.FAILED).says("there is a file", "--force");
    assertThat(folder.resolve("all.jsonl")).hasContent("mine");
    done("export", "--force", "all.jsonl");

    assertThat(Files.readString(folder.resolve("all.jsonl"))).startsWith("{\"kind\":\"export\"");
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
    }
    run("export", "no/such/folder/a.jsonl").exits(Exit.FAILED).says("there is no folder");
  }

  @Test
  void badLinesAreNamedAndStopNoOther() {
    history();
    List<String> lines = new java.util.ArrayList<>(exported("--only", "usage"));
    String first =
        lines.get(1).replace("k-1", "k-2").replace("\"model\":\"m\"", "\"model\":\"other\"");
    lines.set(1, "{\"kind\":\"usage\",\"id\":7}");
    lines.add(2, "not JSON");
    lines.add(3, first);
    lines.add(4, "{\"kind\":\"nonsense\"}");
    lines.add(5, "{\"kind\":\"user\",\"name\":\"new\",\"active\":true}");

    Ran ran =
        runWith(String.join("\n", lines), "--format", "json", "import", "-").exits(Exit.FAILED);

    ran.says(
        "line 2: at is required, was absent",
        "line 3: not JSON",
        "usage refused: id",
        "line 5: kind must be one of",
        "the last line says 2 lines came before it, but 6 did");
    assertThat(ran.objects())
        .extracting(row -> row.get("kind"), row -> row.get("lines"), row -> row.get("added"))
        .contains(tuple("user", 1L, 1L), tuple("usage", 3L, 0L));
  }

  @Test
  void aFileThatWasCutOffIsFoundOut() {
    history();
    List<String> lines = exported();

    runWith(String.join("\n", lines.subList(0, lines.size() - 1)), "import")
        .exits(Exit.FAILED)
        .says("the last line is missing");
    List<String> gap = new java.util.ArrayList<>(lines);
    gap.remove(2);
    runWith(String.join("\n", gap), "import").exits(Exit.FAILED).says("some are missing");
  }

  @Test
  void whatIsNoExportIsRefused() {
    run("track", "--model", "m").exits(Exit.DONE);

    runWith("", "import").exits(Exit.FAILED).says("the first line must be");
    runWith("{\"model\":\"m\"}", "import").exits(Exit.FAILED).says("track --from");
    runWith("{\"kind\":\"export\",\"version\":2}", "import")
        .exits(Exit.FAILED)
        .says("has version 2, this tool reads version 1");
    runWith(
            "{\"kind\":\"export\",\"version\":1,\"complete_from\":\"2026-01-01T00:00:00Z\"}",
            "import")
        .exits(Exit.FAILED)
        .says("were purged", "--accept-purged");
    runWith(
            "{\"kind\":\"export\",\"version\":1,\"complete_from\":\"2026-01-01T00:00:00Z\"}\n"
                + "{\"kind\":\"end\",\"lines\":0}",
            "import",
            "--accept-purged")
        .exits(Exit.DONE);
    run("import", "missing.jsonl").exits(Exit.FAILED).says("missing.jsonl");
  }

  private static final String CORRECTED =
      """
      {"kind":"export","format":"llm-accounting","version":1}
      {"kind":"usage","id":"019cadc6-9a80-7cd8-a8fb-0e6f684df993","at":"2026-03-02T09:00:00Z",\
      "model":"m","input_tokens":10,"output_tokens":2,"source":"partial","outcome":"succeeded",\
      "charged_at":"2026-03-02T09:00:00Z","settled_at":"2026-03-02T09:00:01Z",\
      "corrected_cost":"0.50","corrected_by":"row",\
      "better":{"input_tokens":10,"output_tokens":5,"source":"reported","outcome":"succeeded"}%s}
      {"kind":"end","lines":1}
      """;

  private List<String> corrected(String more) {
    return CORRECTED.formatted(more).lines().toList();
  }

  @Test
  @DisplayName("faults A4: the whole history of adjustments is written and taken in")
  void theWholeHistoryOfAdjustmentsIsWrittenAndTakenIn() {
    String earlier =
        "[{\"at\":\"2026-03-02T09:00:02Z\",\"corrected_cost\":\"0.25\",\"corrected_by\":\"old\","
            + "\"corrected_lower_bound\":true},"
            + "{\"at\":\"2026-03-02T09:00:03Z\",\"better\":{\"input_tokens\":10,\"output_tokens\":5,"
            + "\"source\":\"reported\",\"outcome\":\"succeeded\"}}]";
    String at = ",\"adjusted_at\":\"2026-03-02T09:00:04.000001Z\"";
    List<String> file = corrected(at + ",\"earlier\":" + earlier);

    runWith(String.join("\n", file), "import").exits(Exit.DONE);
    List<String> once = exported("--only", "usage");
    Ran again = runWith(String.join("\n", file), "--format", "csv", "import").exits(Exit.DONE);

    assertThat(once.get(1)).isEqualTo(file.get(1));
    assertThat(again.lines()).contains("usage,1,0,1,0,0");
    assertThat(exported("--only", "usage").get(1)).isEqualTo(file.get(1));
    runWith(String.join("\n", corrected(",\"earlier\":" + earlier)), "import")
        .exits(Exit.FAILED)
        .says("adjusted_at is required, was absent");
    String nothing = at + ",\"earlier\":[{\"at\":\"2026-03-02T09:00:02Z\"}]";
    runWith(String.join("\n", corrected(nothing)), "import")
        .exits(Exit.FAILED)
        .says("corrected_cost or better");
  }

  @Test
  @DisplayName("faults A4: a file of an older version has the latest correction only")
  void aFileWithoutAHistoryIsTakenIn() {
    runWith(String.join("\n", corrected("")), "import").exits(Exit.DONE);
    runWith(String.join("\n", corrected("")), "import").exits(Exit.DONE);

    assertThat(exported("--only", "usage").get(1))
        .isEqualTo(corrected(",\"adjusted_at\":\"2026-03-02T09:00:01Z\"").get(1));
  }

  @Test
  void callsOfAnExportCanBeTrackedAnew() {
    history();
    done("export", "--only", "usage", "calls.jsonl");

    run("track", "--from", "calls.jsonl");

    assertThat(exported("--only", "usage")).hasSize(4);
  }
}
