package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;

/**
 * One term of a step's objective.
 *
 * @param name as metrics and announcements show it
 * @param weight factor in the sum
 * @param value the term itself, a scalar with its gradient graph
 */
public record TermValue(String name, double weight, NDArray value) {}
