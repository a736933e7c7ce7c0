package io.llmaccounting.rules.planted.egg;

import io.llmaccounting.rules.planted.chicken.Chicken;

/** Half of a circle, there to be found. */
public record Egg(Chicken hatched) {}
