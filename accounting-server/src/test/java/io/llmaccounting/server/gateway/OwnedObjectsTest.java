package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.usage.Attribution;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a project made through an account that others share is seen by its own keys only. */
class OwnedObjectsTest extends GatewayScene {
  private static final String ANN = "sk-acc-of-ann";
  private static final String COLLEAGUE = "sk-acc-of-her-colleague";
  private static final String BOB = "sk-acc-of-bob";
  private static final String LONER = "sk-acc-of-nobodys-project";

  @BeforeEach
  void issueKeys() {
    callers.put(ANN, of("ann", "search"));
    callers.put(COLLEAGUE, of("colleague", "search"));
    callers.put(BOB, of("bob", "shop"));
    callers.put(LONER, new Caller("loner", Attribution.NONE, model -> true, name -> true));
  }

  private static Caller of(String key, String project) {
    return new Caller(key, Attribution.NONE.withProject(project), model -> true, provider -> true);
  }

  @Override
  boolean isAccountShared() {
    return true;
  }

  private HttpResponse<String> ask(String key, String method, String path, String body)
      throws Exception {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build());
  }

  private void make(String key, String path, String answer) throws Exception {
    provider.answering(FakeAnswer.json(answer));
    HttpResponse<String> made = ask(key, "POST", path, "{\"purpose\":\"user_data\"}");
    assertThat(made.statusCode()).isEqualTo(200);
    assertThat(made.body()).isEqualTo(answer);
  }

  private void refused(HttpResponse<String> answer, int asked) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.body()).contains("no object");
    assertThat(provider.count()).isEqualTo(asked);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/files, file-1, id, ''",
    "/v1/files, file-1, id, /content",
    "/v1/batches, batch_1, id, ''",
    "/v1/batches, batch_1, id, /cancel",
    "/v1/vector_stores, vs_1, id, ''",
    "/v1/vector_stores, vs_1, id, /search",
    "/v1/vector_stores, vs_1, id, /files/file-9/content",
    "/v1/assistants, asst_1, id, ''",
    "/v1/threads, thread_1, id, /messages",
    "/v1/threads, thread_1, id, /runs/run_1/cancel",
    "/v1/containers, cntr_1, id, /files/cfile_1/content",
    "/v1/conversations, conv_1, id, /items",
    "/v1/fine_tuning/jobs, ftjob-1, id, /events",
    "/v1/uploads, upload_1, id, /parts",
    "/v1/evals, eval_1, id, /runs",
    "/v1/videos, video_1, id, /content",
    "/anthropic/v1/messages/batches, msgbatch_1, id, /results",
    "/anthropic/v1/files, file_1, id, /content",
    "/gemini/v1beta/cachedContents, cachedContents/c1, name, ''",
    "/gemini/v1beta/models/gemini-2.5-pro:batchGenerateContent, batches/b1, name, :cancel"
  })
  void onlyKeysOfTheProjectReachWhatItMade(String path, String id, String field, String rest)
      throws Exception {
    make(ANN, path, "{\"%s\":\"%s\"}".formatted(field, id));
    int slash = id.indexOf('/');
    String at = slash < 0 ? path + "/" + id + rest : "/gemini/v1beta/" + id + rest;

    for (String method : new String[] {"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH"}) {
      for (String key : new String[] {BOB, LONER, KEY}) {
        HttpResponse<String> answer = ask(key, method, at, "");
        assertThat(answer.statusCode()).as(method).isEqualTo(404);
      }
    }
    assertThat(provider.count()).isEqualTo(1);
    provider.answeringAll(request -> FakeAnswer.json("{\"is\":\"there\"}"));
    for (String key : new String[] {COLLEAGUE, ANN}) {
      assertThat(ask(key, "GET", at, "").body()).contains("there");
    }
    assertThat(ask(COLLEAGUE, "POST", at, "{}").body()).contains("there");
  }

  @Test
  void nobodyReachesWhatWasMadePastTheGateway() throws Exception {
    refused(ask(ANN, "GET", "/v1/files/file-made-elsewhere", ""), 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/%66iles/file-1",
        "/v1/files/file%2D1",
        "/v1/files;x=y/file-1",
        "/v1/FILES/file-1",
        "/v1/files/file-1/",
        "/v1/files/file-1;x",
        "/v1/files/FILE-1/../file-1",
        "/v1/files%2Ffile-1"
      })
  void noSpellingLeadsThere(String path) throws Exception {
    make(ANN, "/v1/files", "{\"id\":\"file-1\"}");

    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway().port() + path))
                .header("Authorization", "Bearer " + BOB)
                .build());

    assertThat(answer.statusCode()).isIn(400, 404);
    assertThat(provider.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"gpt-5\",\"input\":\"x\",\"previous_response_id\":\"file-1\"}",
        "{\"model\":\"gpt-5\",\"input\":\"x\",\"previous_response\\u005fid\":\"file-1\"}",
        "{\"model\":\"gpt-5\",\"input\":\"x\",\"conversation\":\"file-1\"}",
        "{\"model\":\"gpt-5\",\"input\":\"x\",\"conversation\":{\"id\":\"file-1\"}}",
        "{\"model\":\"gpt-5\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"file-1\"}]}]}",
        "{\"model\":\"gpt-5\",\"input\":\"x\",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_x\",\"file-1\"]}]}",
        "{\"model\":\"gpt-5\",\"input\":\"x\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"file-1\"}]}",
        "{\"model\":\"gpt-5\",\"input\":\"x\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\",\"file_ids\":[\"file-1\"]}}]}"
      })
  void noBodyRefersToWhatAnotherProjectMade(String body) throws Exception {
    make(ANN, "/v1/files", "{\"id\":\"file-1\"}");
    make(ANN, "/v1/vector_stores", "{\"id\":\"vs_x\"}");

    refused(ask(BOB, "POST", "/v1/responses", body), 2);
    refused(packed(BOB, "/v1/responses", body), 2);
    assertThat(records()).isEmpty();
    assertThat(ask(COLLEAGUE, "POST", "/v1/responses", body).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/batches|{\"input_file_id\":\"file-1\"}",
        "/v1/vector_stores|{\"file_ids\":[\"file-1\"]}",
        "/v1/threads|{\"messages\":[{\"attachments\":[{\"file_id\":\"file-1\"}]}]}",
        "/v1/threads/runs|{\"assistant_id\":\"file-1\"}",
        "/v1/fine_tuning/jobs|{\"training_file\":\"file-1\"}",
        "/v1/evals|{\"data_source\":{\"source\":{\"type\":\"file_id\",\"file_id\":\"file-1\"}}}",
        "/v1/whatever/comes|{\"file_id\":\"file-1\"}"
      })
  void noBodyOfWhatIsNotMeteredDoes(String path, String body) throws Exception {
    make(ANN, "/v1/files", "{\"id\":\"file-1\"}");

    refused(ask(BOB, "POST", path, body), 1);
    provider.answering(FakeAnswer.json("{}"));
    assertThat(ask(ANN, "POST", path, body).statusCode()).isEqualTo(200);
    assertThat(sent()).isEqualTo(body);
  }

  @Test
  void wordsOfTheCallerAreNoReferences() throws Exception {
    String body =
        "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":5,\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"open\",\"input\":{\"file_id\":\"7\",\"container\":\"crate\"}}]},{\"role\":\"user\",\"content\":\"the"
            + " \\\"file_id\\\":"
            + " \\\"9\\\"\"}],\"tools\":[{\"name\":\"open\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"file_id\":{\"type\":\"string\",\"id\":\"x\"}}}}]}";

    assertThat(ask(BOB, "POST", "/anthropic/v1/messages", body).statusCode()).isEqualTo(200);
    assertThat(
            ask(
                    BOB,
                    "POST",
                    "/v1/responses",
                    "{\"model\":\"gpt-5\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"filename\":\"a.pdf\",\"file_data\":\"x\"}]}]}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aFileOfBatchesRefersToNothingOfOthers() throws Exception {
    provider.answering(FakeAnswer.json("{\"id\":\"resp_1\"}"));
    String asked = "{\"model\":\"gpt-5\",\"input\":\"x\"}";
    assertThat(ask(ANN, "POST", "/v1/responses", asked).statusCode()).isEqualTo(200);
    String form =
        "--b\r\n"
            + "Content-Disposition: form-data; name=\"purpose\"\r\n\r\n"
            + "batch\r\n"
            + "--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"b.jsonl\"\r\n\r\n"
            + "{\"url\":\"/v1/responses\",\"body\":{\"previous_response_id\": \"resp_1\"}}\r\n"
            + "--b--\r\n";

    HttpResponse<String> answer = upload(BOB, form);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    provider.answeringAll(request -> FakeAnswer.json("{\"id\":\"file-1\"}"));
    assertThat(upload(ANN, form).statusCode()).isEqualTo(200);
    assertThat(upload(BOB, form.replace("\nbatch", "\nuser_data")).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> upload(String key, String form) throws Exception {
    return send(
        HttpRequest.newBuilder(at("/v1/files"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofString(form))
            .build());
  }

  private HttpResponse<String> packed(String key, String path, String body) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body.getBytes(StandardCharsets.UTF_8));
    }
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(bytes.toByteArray()))
            .build());
  }

  @Test
  void listsShowWhatIsTheProjectsOwn() throws Exception {
    make(ANN, "/v1/files", "{\"id\":\"file-1\"}");
    make(BOB, "/v1/files", "{\"id\":\"file-2\"}");
    String all =
        "{\"object\":\"list\",\"data\":[{\"id\":\"file-1\"},"
            + " {\"id\":\"file-2\"},{\"id\":\"file-3\"}],\"has_more\":false}";
    provider.answeringAll(request -> FakeAnswer.json(all));

    assertThat(ask(COLLEAGUE, "GET", "/v1/files", "").body())
        .isEqualTo("{\"object\":\"list\",\"data\":[{\"id\":\"file-1\"}],\"has_more\":false}");
    assertThat(ask(BOB, "GET", "/v1/files?limit=9", "").body()).contains("2").doesNotContain("-3");
    assertThat(ask(LONER, "GET", "/v1/files", "").body()).contains("\"data\":[]");
  }

  @Test
  void aPageOfOthersThatIsNotTheLastIsRefused() throws Exception {
    provider.answering(FakeAnswer.json("{\"data\":[{\"id\":\"batch_1\"}],\"has_more\": true}"));

    HttpResponse<String> answer = ask(BOB, "GET", "/v1/batches", "");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("longer pages").doesNotContain("batch_1");
  }

  @Test
  void whatABatchWroteBelongsToWhoMadeTheBatch() throws Exception {
    make(ANN, "/v1/batches", "{\"id\":\"batch_1\"}");
    provider.answering(
        FakeAnswer.json(
            "{\"id\":\"batch_1\",\"output_file_id\":\"file-out\",\"metadata\":{\"error_file_id\":\"file-1\"}}"));
    assertThat(ask(ANN, "GET", "/v1/batches/batch_1", "").statusCode()).isEqualTo(200);

    refused(ask(BOB, "GET", "/v1/files/file-out/content", ""), 2);
    provider.answering(FakeAnswer.json("{\"line\":1}"));
    assertThat(ask(COLLEAGUE, "GET", "/v1/files/file-out/content", "").body()).contains("line");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersThatAreStoredBelongToWhoAsked(boolean streamed) throws Exception {
    String asked = "{\"model\":\"gpt-5\",\"input\":\"x\",\"stream\":%b}".formatted(streamed);
    HttpResponse<String> answer = ask(ANN, "POST", "/v1/responses", asked);
    assertThat(answer.statusCode()).isEqualTo(200);
    String id = answer.body().replaceAll("(?s).*?\"id\"\\s*:\\s*\"(resp[^\"]*)\".*", "$1");

    refused(ask(BOB, "GET", "/v1/responses/" + id, ""), 1);
    refused(ask(BOB, "POST", "/v1/responses/" + id + "/cancel", ""), 1);
    refused(
        ask(
            BOB,
            "POST",
            "/v1/responses",
            "{\"model\":\"gpt-5\",\"input\":\"x\",\"previous_response_id\":\"" + id + "\"}"),
        1);
    provider.answeringAll(request -> FakeAnswer.json("{\"id\":\"" + id + "\"}"));
    assertThat(ask(COLLEAGUE, "GET", "/v1/responses/" + id, "").statusCode()).isEqualTo(200);
    assertThat(ask(ANN, "DELETE", "/v1/responses/" + id, "").statusCode()).isEqualTo(200);
    assertThat(ask(ANN, "GET", "/v1/responses/" + id, "").statusCode()).isEqualTo(404);
  }

  @Test
  void whoClaimsWhatAnotherOwnsGetsNothing() throws Exception {
    make(ANN, "/v1/files", "{\"id\":\"file-1\"}");
    make(BOB, "/v1/files", "{\"id\":\"file-1\"}");

    refused(ask(BOB, "GET", "/v1/files/file-1", ""), 2);
  }

  @Test
  void everyInstanceKnowsIt() throws Exception {
    make(ANN, "/v1/files", "{\"id\":\"file-1\"}");
    Gateway second = open(settings());
    try {
      provider.answeringAll(request -> FakeAnswer.json("{}"));
      for (String key : new String[] {ANN, BOB}) {
        HttpResponse<String> answer =
            send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + second.port() + "/v1/files/file-1"))
                    .header("Authorization", "Bearer " + key)
                    .build());
        assertThat(answer.statusCode()).isEqualTo(key.equals(ANN) ? 200 : 404);
      }
    } finally {
      awaited(second.stop(java.time.Duration.ofSeconds(5)));
    }
  }

  @Test
  void callsAreRecordedWithHowTheModelWasAsked() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(at("/v1/chat/completions"))
            .header("Authorization", "Bearer " + ANN)
            .header("User-Agent", "OpenAI/Python 1.52.0")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"gpt-5\",\"max_tokens\":7,\"temperature\":0.5,\"top_p\":0.9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"))
            .build();
    assertThat(send(request).statusCode()).isEqualTo(200);

    assertThat(record().details().asked())
        .isEqualTo(
            new io.llmaccounting.usage.RequestSettings(7L, 0.5, 0.9, 1L, "OpenAI/Python 1.52.0"));
  }
}
