/**
 * A provider on loopback: answers in the shapes of real ones, as slowly, broken or cut as a test
 * says, counts requests and remembers them. HTTP/1.1 without TLS.
 */
@NullMarked
package io.llmaccounting.tap.fake;

import org.jspecify.annotations.NullMarked;
