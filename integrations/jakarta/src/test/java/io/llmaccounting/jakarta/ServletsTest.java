package io.llmaccounting.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TokenUsage;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filters in a real servlet container, and the mapper in a real JAX-RS. */
class ServletsTest {
  private static final String PROBLEM =
      "{\"type\":\"tag:llmaccounting.io,2026:no-room\",\"title\":\"No room for this request\","
          + "\"status\":429,"
          + "\"detail\":\"A limit on the use of models is reached; try again in 600 s\","
          + "\"retryAfterSeconds\":600}";

  private static final Logger TOMCAT = Logger.getLogger("org.apache");
  private static final Logger JERSEY = Logger.getLogger("org.glassfish");

  static {
    TOMCAT.setLevel(Level.OFF);
    JERSEY.setLevel(Level.OFF);
  }

  @TempDir File directory;

  private final ManualClock clock = ManualClock.create();
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create(clock))
          .clock(clock)
          .withoutShutdownHook()
          .build();
  private final Tomcat tomcat = new Tomcat();
  private Context context;

  @BeforeEach
  void prepare() {
    tomcat.setBaseDir(directory.getPath());
    tomcat.setPort(0);
    context = tomcat.addContext("", directory.getPath());
  }

  @AfterEach
  void close() throws Exception {
    tomcat.stop();
    tomcat.destroy();
    accounting.close();
  }

  private void filter(String name, Filter filter, Map<String, String> parameters) {
    FilterDef definition = new FilterDef();
    definition.setFilterName(name);
    definition.setFilter(filter);
    parameters.forEach(definition::addInitParameter);
    context.addFilterDef(definition);
    FilterMap map = new FilterMap();
    map.setFilterName(name);
    map.addURLPattern("/*");
    context.addFilterMap(map);
  }

  /** Answers who calls. */
  private void whoCalls() {
    serve(
        new HttpServlet() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            response.getWriter().write(CallContext.current().attribution().toString());
          }
        });
  }

  /** Makes a call, and hides why it was denied. */
  private void serve(HttpServlet servlet) {
    Tomcat.addServlet(context, "servlet", servlet);
    context.addServletMappingDecoded("/*", "servlet");
  }

  private HttpResponse<String> get(String... headers) throws Exception {
    tomcat.start();
    URI uri = URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String text(Attribution attribution) {
    return attribution.toString();
  }

  private void principal(String name) {
    filter(
        "principal",
        new Filter() {
          @Override
          public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
              throws IOException, ServletException {
            chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                  @Override
                  public Principal getUserPrincipal() {
                    return () -> name;
                  }
                },
                response);
          }
        },
        Map.of());
  }

  @Test
  void thePrincipalIsTheUser() throws Exception {
    principal("alice");
    filter("context", new CallContextFilter(), Map.of());
    whoCalls();

    assertThat(get("X-User", "mallory").body()).isEqualTo(text(Attribution.NONE.withUser("alice")));
  }

  @Test
  void headersSayNothingUnlessTheyAreNamed() throws Exception {
    filter("context", new CallContextFilter(), Map.of());
    whoCalls();

    assertThat(get("X-User", "mallory", "userHeader", "mallory").body())
        .isEqualTo(text(Attribution.NONE));
  }

  @Test
  void namedHeadersSayWhatThePrincipalDoesNot() throws Exception {
    principal("alice");
    filter(
        "context",
        new CallContextFilter(),
        Map.of("userHeader", "X-User", "projectHeader", "X-Project", "sessionHeader", "X-Run"));
    whoCalls();

    assertThat(get("X-User", "bob", "X-Project", "search", "X-Run", "r".repeat(300)).body())
        .isEqualTo(text(Attribution.NONE.withUser("alice").withProject("search")));
  }

  @Test
  void aFunctionOfTheApplicationComesFirst() throws Exception {
    principal("alice");
    filter(
        "context",
        new CallContextFilter(
            request -> Attribution.NONE.withUser("tenant " + request.getMethod())),
        Map.of());
    whoCalls();

    assertThat(get().body()).isEqualTo(text(Attribution.NONE.withUser("tenant GET")));
  }

  private void spend() {
    accounting.limits().save(Limit.named("one").requests(1).rolling(Duration.ofMinutes(10)));
    accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(7, 3));
  }

  private HttpServlet writingBytes() {
    return new HttpServlet() {
      private static final long serialVersionUID = 1L;

      @Override
      protected void doGet(HttpServletRequest request, HttpServletResponse response)
          throws IOException {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.getOutputStream().print("half of an answer");
        accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(7, 3));
      }
    };
  }

  @Test
  void aDenialAfterBytesIsAnsweredAndHeadersStay() throws Exception {
    spend();
    filter("denials", new QuotaExceededFilter(), Map.of());
    serve(writingBytes());

    HttpResponse<String> response = get();

    assertIsDenied(response);
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
  }

  private HttpServlet asking(boolean committed) {
    return new HttpServlet() {
      private static final long serialVersionUID = 1L;

      @Override
      protected void doGet(HttpServletRequest request, HttpServletResponse response)
          throws IOException, ServletException {
        response.getWriter().write("half of an answer");
        if (committed) {
          response.flushBuffer();
        }
        try {
          accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(7, 3));
        } catch (RuntimeException e) {
          throw new ServletException("the page failed", e);
        }
      }
    };
  }

  private static void assertIsDenied(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("600");
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(response.body()).isEqualTo(PROBLEM);
  }

  @Test
  void aDenialIsAnsweredAsAProblem() throws Exception {
    spend();
    filter("denials", new QuotaExceededFilter(), Map.of());
    serve(asking(false));

    assertIsDenied(get());
  }

  @Test
  void aDenialAfterTheResponseHasGoneOutBreaksItOff() {
    spend();
    filter("denials", new QuotaExceededFilter(), Map.of());
    serve(asking(true));

    assertThatThrownBy(this::get).isInstanceOf(IOException.class);
  }

  @Test
  void aDenialOfAResourceIsAnsweredAsAProblem() throws Exception {
    spend();
    ResourceConfig resources =
        new ResourceConfig(QuotaExceededMapper.class).register(new Resource(accounting));
    serve(new ServletContainer(resources));

    assertIsDenied(get());
  }

  /** Makes a call. */
  @Path("/")
  public record Resource(LlmAccounting accounting) {
    /** Makes it. */
    @GET
    public String ask() {
      accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(7, 3));
      return "Hello";
    }
  }
}
