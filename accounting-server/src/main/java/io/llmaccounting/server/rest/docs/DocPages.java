package io.llmaccounting.server.rest.docs;

import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.http.Answer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The contract as a file, and pages that show it, all from here. Safe for use by many threads. */
public final class DocPages {
  /** The version in the pom: the name of a folder in its jar. */
  private static final String VERSION = "5.34.1";

  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  /** Nothing from elsewhere, no script but files of ours. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  private final Map<String, Answer> pages = new HashMap<>();

  /** Reads the pages. */
  public DocPages(Contract contract) {
    add("/openapi.yaml", "application/yaml", contract.text().getBytes(StandardCharsets.UTF_8));
    add("/docs", HTML, read("/io/llmaccounting/server/rest/docs.html"));
    add("/docs/start.js", SCRIPT, read("/io/llmaccounting/server/rest/docs-start.js"));
    String webjar = "/META-INF/resources/webjars/swagger-ui/" + VERSION + "/";
    add("/docs/swagger-ui.css", "text/css; charset=utf-8", read(webjar + "swagger-ui.css"));
    add("/docs/swagger-ui-bundle.js", SCRIPT, read(webjar + "swagger-ui-bundle.js"));
    add("/docs/favicon-32x32.png", "image/png", read(webjar + "favicon-32x32.png"));
  }

  private void add(String path, String type, byte[] body) {
    pages.put(
        path,
        new Answer(200, Map.of("Content-Type", type), Buffer.buffer(body))
            .with("Content-Security-Policy", POLICY)
            .with("Referrer-Policy", "no-referrer")
            .with("Cache-Control", "no-cache"));
  }

  /** The page of this path. */
  public Optional<Answer> page(String path) {
    return Optional.ofNullable(pages.get(path.equals("/docs/") ? "/docs" : path));
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    return Objects.requireNonNull(
        DocPages.class.getResourceAsStream(resource), "this jar lacks " + resource);
  }
}
