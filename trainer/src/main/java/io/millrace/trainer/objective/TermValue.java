package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;

/**
 * One term of a step's objective.
 *
 * @param name as metrics and announcements show it
 * @param weight factor in the sum
 * @param value the term itself, a mean over {@code count} examples or tokens: a scalar with its gradient graph
 * @param count how many; the parts of a mini-batch have different ones
 */
public record TermValue(String name, double weight, NDArray value, int count) {}
