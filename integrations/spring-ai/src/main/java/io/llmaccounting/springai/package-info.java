/**
 * Meters models of Spring AI 1.1 and 2.0: {@link io.llmaccounting.springai.MeteredChatModel} and
 * its siblings decorate a model and are Spring AI's own type; {@link
 * io.llmaccounting.springai.MeteredAdvisors} meter what a chat client asks.
 */
@NullMarked
package io.llmaccounting.springai;

import org.jspecify.annotations.NullMarked;
