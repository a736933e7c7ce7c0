package io.llmaccounting.bedrock;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamRequest;

/**
 * Which requests ask models, and where and with which bytes they are going to be sent.
 *
 * @param model the model that is asked
 * @param operation the end of the path
 * @param body the body as it is; null where the SDK makes it of the request
 */
record Outgoing(String model, String operation, @Nullable SdkBytes body) {
  // tells the reader whose models they are, whatever the endpoint of the client is
  private static final String HOST = "bedrock-runtime.%s.amazonaws.com";

  /**
   * Reads {@code request}, in the context of this thread and what the request says itself.
   *
   * @return empty if it passes unmetered
   */
  static Optional<MeteredRequest> metered(AwsRequest request, String region, Tap tap) {
    CallContext own = Said.of(request);
    CallContext.Scope scope = own == null ? null : own.open();
    try {
      Outgoing out = of(request);
      if (out == null) {
        return Optional.empty();
      }
      RequestTarget target = new RequestTarget(HOST.formatted(region), out.path(), false);
      return tap.concerns("POST", target)
          ? tap.request(target, out.bytes(request))
          : Optional.empty();
    } catch (RuntimeException e) {
      tap.meter().adapterFailed(e);
      return Optional.empty();
    } finally {
      if (scope != null) {
        scope.close();
      }
    }
  }

  private static @Nullable Outgoing of(AwsRequest request) {
    String model = null;
    String operation = "";
    SdkBytes body = null;
    if (request instanceof ConverseRequest asked) {
      model = asked.modelId();
      operation = "converse";
    } else if (request instanceof ConverseStreamRequest asked) {
      model = asked.modelId();
      operation = "converse-stream";
    } else if (request instanceof InvokeModelRequest asked) {
      model = asked.modelId();
      operation = "invoke";
      body = asked.body();
    } else if (request instanceof InvokeModelWithResponseStreamRequest asked) {
      model = asked.modelId();
      operation = "invoke-with-response-stream";
      body = asked.body();
    }
    return model == null ? null : new Outgoing(model, operation, body);
  }

  private String path() {
    String encoded = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    return "/model/" + encoded + '/' + operation;
  }

  private byte[] bytes(AwsRequest request) {
    return body == null ? RequestJson.of(request) : body.asByteArrayUnsafe();
  }
}
