package io.millrace.app.page.view;

/**
 * The part of a chart that a browser wants.
 *
 * @param chart which chart
 * @param perStep of losses and accuracy: every step of this process, in place of the means per checkpoint
 * @param score of scores: which one, as {@code accuracy}
 * @param from the first step
 * @param to the last step
 * @param width pixels
 */
public record Extract(Chart chart, boolean perStep, String score, long from, long to, int width) {}
