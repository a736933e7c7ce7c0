/**
 * Meters the calls of Amazon Bedrock that the AWS SDK makes: {@link
 * io.llmaccounting.bedrock.MeteredBedrock} decorates a client and returns the SDK's own type.
 */
@NullMarked
package io.llmaccounting.bedrock;

import org.jspecify.annotations.NullMarked;
