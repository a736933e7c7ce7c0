package io.llmaccounting.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;

/** Interceptors of the application's, beside that of the metering. */
class OwnInterceptorsTest extends Scene {
  @Test
  void interceptorsOfTheClientStillRunOnceForEachCall() {
    List<Boolean> found = new CopyOnWriteArrayList<>();
    BedrockRuntimeClient layered =
        MeteredBedrock.of(
            blocking()
                .overrideConfiguration(
                    config ->
                        config.addExecutionInterceptor(
                            new ExecutionInterceptor() {
                              @Override
                              public void beforeExecution(
                                  Context.BeforeExecution call, ExecutionAttributes attributes) {
                                found.add(CallContext.current().call().isPresent());
                              }
                            })),
            accounting);

    ConverseResponse unused = layered.converse(converse().build());

    assertThat(found).containsExactly(true);
    assertThat(CallContext.current().call()).isEmpty();
    assertThat(record().details().attempts()).isEqualTo(1);
    layered.close();
  }

  /** Passes an answer on whose first byte it has skipped. */
  private static final class Skipping implements ExecutionInterceptor {
    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse response, ExecutionAttributes attributes) {
      return response
          .responseBody()
          .map(
              body -> {
                try {
                  assertThat(body.skip(1)).isEqualTo(1);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
                return new SequenceInputStream(new ByteArrayInputStream(new byte[] {'{'}), body);
              });
    }
  }

  @Test
  void whatOneSkipsOfAnAnswerIsReadAllTheSame() {
    BedrockRuntimeClient layered =
        MeteredBedrock.of(
            blocking()
                .overrideConfiguration(config -> config.addExecutionInterceptor(new Skipping())),
            accounting);

    ConverseResponse answer = layered.converse(converse().build());

    assertThat(answer.usage().outputTokens()).isEqualTo(628);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    layered.close();
  }
}
