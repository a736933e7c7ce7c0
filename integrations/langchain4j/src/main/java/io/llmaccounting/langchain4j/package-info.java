/**
 * Meters models of LangChain4j: {@link io.llmaccounting.langchain4j.MeteredChatModel} and its
 * siblings decorate a model and are LangChain4j's own type; {@link
 * io.llmaccounting.langchain4j.TellingHttp} tells them what passes on the wire.
 */
@NullMarked
package io.llmaccounting.langchain4j;

import org.jspecify.annotations.NullMarked;
