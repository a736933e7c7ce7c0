/** A Spring Boot application whose calls of a model are recorded and limited without code. */
package io.llmaccounting.examples.shop;
