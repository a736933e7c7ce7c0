package io.llmaccounting.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.H2AsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is recorded over HTTP/2, by those clients that speak it with each server that does. */
class Http2Test {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;
  private static final Question QUESTION = Question.of("What is a stream?");
  private static final HeldCertificate CERTIFICATE =
      new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
  private static final HandshakeCertificates TRUSTED =
      new HandshakeCertificates.Builder().addTrustedCertificate(CERTIFICATE.certificate()).build();

  private static final TlsStrategy TLS =
      ClientTlsStrategyBuilder.create().setSslContext(TRUSTED.sslContext()).buildAsync();

  abstract static class Cases {
    private static final int ERROR = 2;

    private final MockWebServer server = new MockWebServer();
    private final List<TapClient> opened = new ArrayList<>();
    private final CompletableFuture<Usage> first = new CompletableFuture<>();
    final LlmAccounting accounting =
        LlmAccounting.builder(InMemoryBackend.create())
            .listener(
                new CallListener() {
                  @Override
                  public void recorded(Usage usage, Receipt receipt) {
                    first.complete(usage);
                  }
                })
            .withoutShutdownHook()
            .build();

    abstract TapClient client(URI provider);

    /** Whether the client resets a stream that is given up, or does with it what it likes. */
    boolean resetsWhatIsGivenUp() {
      return true;
    }

    @BeforeEach
    void start() throws IOException {
      server.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
      server.useHttps(
          new HandshakeCertificates.Builder()
              .heldCertificate(CERTIFICATE)
              .build()
              .sslSocketFactory());
      server.start();
    }

    @AfterEach
    void close() throws Exception {
      for (TapClient client : opened) {
        client.close();
      }
      accounting.close();
      server.close();
    }

    private TapClient client() {
      TapClient client = client(server.url("/").uri());
      opened.add(client);
      return client;
    }

    private void answering(StreamedBody body) {
      server.enqueue(streamed(body).build());
    }

    private static MockResponse.Builder streamed(StreamedBody body) {
      return new MockResponse.Builder().setHeader("Content-Type", "text/event-stream").body(body);
    }

    private Usage record() throws Exception {
      Usage record = first.get(20, TimeUnit.SECONDS);
      assertThat(server.takeRequest().getVersion()).isEqualTo("HTTP/2");
      return record;
    }

    private static void assertRecordOf(Usage record, String answer) {
      ModelAnswer read = UsageReader.create().read(answer).answer();
      assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(record.source()).isEqualTo(TokenSource.REPORTED);
      assertThat(record.tokens()).isEqualTo(read.tokens());
      assertThat(record.details().responseId()).isEqualTo(read.responseId());
      assertThat(record.details().attempts()).isEqualTo(1);
    }

    private static void readAll(TapClient.Stream stream) throws Exception {
      String piece = stream.next();
      while (piece != null) {
        piece = stream.next();
      }
    }

    @Test
    final void aCallIsOneRecordWithTheTokensOfItsAnswer() throws Exception {
      server.enqueue(
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body(CHAT.answerText())
              .build());

      assertThat(client().ask(QUESTION)).isEqualTo(CHAT.answerText());

      assertRecordOf(record(), CHAT.answerText());
    }

    @Test
    final void aStreamIsOneRecordWithTheTokensOfItsAnswer() throws Exception {
      StreamedBody body = StreamedBody.of(CHAT);
      body.goOn();
      answering(body);

      readAll(client().stream(QUESTION));

      Usage record = record();
      assertRecordOf(record, CHAT.streamText());
      assertThat(record.details().timeToFirstToken()).isNotNull();
    }

    @Test
    final void aStreamThatIsClosedEarlyIsACancelledRecordOfWhatHadCome() throws Exception {
      StreamedBody body = StreamedBody.of(CHAT);
      answering(body);
      TapClient.Stream stream = client().stream(QUESTION);
      String unused = stream.next();
      body.awaitText();

      stream.close();

      Usage record = record();
      assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
      assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
      if (resetsWhatIsGivenUp()) {
        body.repeatUntilReset();
        assertThat(body.end()).hasMessageContaining("CANCEL");
      } else {
        body.endEarly();
      }
    }

    @Test
    final void aStreamWithoutTheMarkOfItsEndIsAFailedRecordOfWhatHadCome() throws Exception {
      StreamedBody body = StreamedBody.of(CHAT);
      body.endEarly();
      answering(body);

      readAll(client().stream(QUESTION));

      Usage record = record();
      assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
    }

    @Test
    final void aStreamThatTheServerResetsIsAFailedRecordOfWhatHadCome() throws Exception {
      StreamedBody body = StreamedBody.inHalves(CHAT);
      server.enqueue(streamed(body).onResponseBody(new SocketEffect.CloseStream(ERROR)).build());
      TapClient.Stream stream = client().stream(QUESTION);
      String unused = stream.next();
      body.awaitText();
      body.goOn();

      assertThatThrownBy(() -> readAll(stream)).isInstanceOf(IOException.class);

      Usage record = record();
      assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
    }
  }

  @Nested
  class OfTheJdk extends Cases {
    @Override
    TapClient client(URI provider) {
      HttpClient http = HttpClient.newBuilder().sslContext(TRUSTED.sslContext()).build();
      return new JdkClient(CHAT, MeteredHttpClient.of(http, accounting), null, provider);
    }
  }

  @Nested
  class OfOkHttp extends Cases {
    @Override
    TapClient client(URI provider) {
      OkHttpClient http =
          new OkHttpClient.Builder()
              .sslSocketFactory(TRUSTED.sslSocketFactory(), TRUSTED.trustManager())
              .build();
      return new OkHttpTest.Client(CHAT, MeteredOkHttp.of(http, accounting), provider);
    }
  }

  private static TapClient started(CloseableHttpAsyncClient http, URI provider) {
    http.start();
    return new ApacheAsyncHttpTest.Client(CHAT, http, provider);
  }

  abstract static class OfApache extends Cases {
    @Override
    boolean resetsWhatIsGivenUp() {
      return false;
    }
  }

  @Nested
  class OfApacheHttp extends OfApache {
    @Override
    TapClient client(URI provider) {
      HttpAsyncClientBuilder builder =
          HttpAsyncClients.custom()
              .setConnectionManager(
                  PoolingAsyncClientConnectionManagerBuilder.create().setTlsStrategy(TLS).build());
      return started(MeteredApacheHttp.meter(builder, accounting).build(), provider);
    }
  }

  @Nested
  class OfApacheHttpWithoutHttp1 extends OfApache {
    @Override
    TapClient client(URI provider) {
      H2AsyncClientBuilder builder = HttpAsyncClients.customHttp2().setTlsStrategy(TLS);
      return started(MeteredApacheHttp.meter(builder, accounting).build(), provider);
    }
  }
}
