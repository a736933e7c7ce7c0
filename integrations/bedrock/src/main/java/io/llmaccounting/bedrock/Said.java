package io.llmaccounting.bedrock;

import io.llmaccounting.call.CallContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;

/**
 * What a single call says of itself. A plugin, because a request carries those with it and sends
 * nothing of them; it changes no configuration.
 *
 * @param context the context that the call asks for
 */
record Said(CallContext context) implements SdkPlugin {
  @Override
  public void configureClient(SdkServiceClientConfiguration.Builder config) {
    // nothing to change
  }

  /** What {@code request} says; null if it says nothing. */
  static @Nullable CallContext of(AwsRequest request) {
    return request.overrideConfiguration().stream()
        .flatMap(config -> config.plugins().stream())
        .filter(Said.class::isInstance)
        .map(plugin -> ((Said) plugin).context())
        .reduce((former, later) -> later)
        .orElse(null);
  }
}
